//! The columns of each table for Diesel, written by hand beside the migrations; never a query.

diesel::table! {
    server (id) {
        id -> Binary,
        name -> Text,
        kind -> Text,
        address -> Nullable<Text>,
        group_name -> Nullable<Text>,
        tags -> Text,
        interval_seconds -> Integer,
        enabled -> Bool,
        monitoring -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    series (id) {
        id -> BigInt,
        server -> Binary,
        metric -> Text,
        labels -> Text,
    }
}

diesel::table! {
    layout (id) {
        id -> BigInt,
        series -> Binary,
    }
}

diesel::table! {
    frame (id) {
        id -> BigInt,
        server -> Binary,
        at -> BigInt,
        body -> Binary,
    }
}

diesel::table! {
    processes (id) {
        id -> BigInt,
        server -> Binary,
        at -> BigInt,
        body -> Binary,
    }
}
