//! Columns of what is stored of samples and processes; never a query.

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
        frames -> BigInt,
        newest_at -> BigInt,
        body -> Binary,
    }
}

diesel::table! {
    aggregate (series, hour) {
        series -> BigInt,
        hour -> BigInt,
        count -> BigInt,
        min -> Double,
        max -> Double,
        mean -> Double,
        m2 -> Double,
        first -> Double,
        last -> Double,
        increase -> Double,
        median -> Double,
        sketch -> Binary,
    }
}

diesel::table! {
    aggregate_day (series, day) {
        series -> BigInt,
        day -> BigInt,
        count -> BigInt,
        min -> Double,
        max -> Double,
        mean -> Double,
        m2 -> Double,
        first -> Double,
        last -> Double,
        increase -> Double,
        median -> Double,
        sketch -> Binary,
    }
}

diesel::table! {
    stale_day (server, day) {
        server -> Binary,
        day -> BigInt,
        seals -> BigInt,
    }
}

diesel::table! {
    cleanup (id) {
        id -> BigInt,
        samples_before -> BigInt,
    }
}

diesel::table! {
    forward (receiver) {
        receiver -> Text,
        frame -> BigInt,
        moment -> BigInt,
        missed_from -> Nullable<BigInt>,
        missed_to -> Nullable<BigInt>,
    }
}

diesel::table! {
    pack (id) {
        id -> BigInt,
        server -> Binary,
        span -> Text,
        first_at -> BigInt,
        last_at -> BigInt,
        first_series -> BigInt,
        last_series -> BigInt,
        samples -> BigInt,
        bytes -> BigInt,
        body -> Binary,
    }
}

diesel::table! {
    process_pack (id) {
        id -> BigInt,
        server -> Binary,
        first_at -> BigInt,
        last_at -> BigInt,
        lists -> BigInt,
        bytes -> BigInt,
        body -> Binary,
    }
}

diesel::table! {
    processes (id) {
        id -> BigInt,
        server -> Binary,
        at -> BigInt,
        bytes -> BigInt,
        body -> Binary,
    }
}
