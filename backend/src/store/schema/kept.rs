//! Columns of what is kept of alerts: decisions, snapshots, pictures, recordings; never a query.

diesel::table! {
    alert_picture (alert_id) {
        alert_id -> Binary,
        png -> Binary,
        at -> BigInt,
    }
}

diesel::table! {
    alert_snapshot (alert_id) {
        alert_id -> Binary,
        body -> Binary,
    }
}

diesel::table! {
    recording (server_id, slot) {
        server_id -> Binary,
        slot -> BigInt,
        body -> Binary,
    }
}

diesel::table! {
    rule_version (rule_id, version) {
        rule_id -> Binary,
        version -> Integer,
        definition -> Text,
    }
}

diesel::table! {
    decision (id) {
        id -> BigInt,
        alert_id -> Binary,
        seq -> Nullable<BigInt>,
        at -> BigInt,
        rule_id -> Binary,
        rule_version -> Integer,
        input -> Text,
        outcome -> Text,
    }
}

diesel::allow_tables_to_appear_in_same_query!(decision, rule_version);
