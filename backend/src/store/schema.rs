//! The columns of each table for Diesel, written by hand beside the migrations; never a query.

mod kept;
mod metrics;

pub(in crate::store) use kept::{alert_picture, alert_snapshot, decision, recording, rule_version};
pub(in crate::store) use metrics::{
    aggregate, aggregate_day, cleanup, forward, frame, layout, pack, process_pack, processes,
    series, stale_day,
};

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
    rule (id) {
        id -> Binary,
        name -> Text,
        version -> Integer,
        definition -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    seeded (name) {
        name -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    alert (id) {
        id -> Binary,
        rule_id -> Binary,
        rule_name -> Text,
        rule_version -> Integer,
        server_id -> Binary,
        server_name -> Text,
        metric -> Text,
        series_labels -> Text,
        labels -> Text,
        severity -> Text,
        state -> Text,
        value -> Nullable<Double>,
        threshold -> Nullable<Double>,
        message -> Text,
        started_at -> BigInt,
        acknowledged_at -> Nullable<BigInt>,
        acknowledged_by -> Nullable<Binary>,
        resolved_at -> Nullable<BigInt>,
        resolved_by -> Nullable<Binary>,
        rule_state -> Text,
        holds_until -> Nullable<BigInt>,
        assignee -> Nullable<Binary>,
        flapping -> Bool,
    }
}

diesel::table! {
    alert_history (seq) {
        seq -> BigInt,
        alert_id -> Binary,
        at -> BigInt,
        change -> Text,
        severity -> Text,
        value -> Nullable<Double>,
        message -> Text,
        by_user -> Nullable<Binary>,
        comment -> Nullable<Text>,
        assignee -> Nullable<Binary>,
        held -> Bool,
    }
}

diesel::table! {
    intent (seq) {
        seq -> BigInt,
        alert_id -> Binary,
        due_at -> BigInt,
        consumed_at -> Nullable<BigInt>,
        held_by -> Nullable<Text>,
    }
}

diesel::table! {
    alerting_document (id) {
        id -> Binary,
        kind -> Text,
        version -> Integer,
        definition -> Text,
        ends_at -> Nullable<BigInt>,
        created_by -> Nullable<Binary>,
        created_at -> BigInt,
        updated_at -> BigInt,
        server_groups -> Text,
    }
}

diesel::table! {
    notice (id) {
        id -> BigInt,
        channel_id -> Binary,
        group_key -> Text,
        intent_seq -> BigInt,
        alert_id -> Binary,
        due_at -> BigInt,
        repeat_seconds -> Integer,
        again -> Bool,
        grouped -> Bool,
        held -> Bool,
        person_id -> Nullable<Binary>,
    }
}

diesel::table! {
    notice_group (channel_id, group_key) {
        channel_id -> Binary,
        group_key -> Text,
        told_at -> BigInt,
    }
}

diesel::table! {
    escalation (id) {
        id -> BigInt,
        alert_id -> Binary,
        intent_seq -> BigInt,
        policy_id -> Binary,
        step -> Integer,
        round -> Integer,
        due_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        told -> Bool,
        held -> Bool,
    }
}

diesel::table! {
    notification_preference (user_id) {
        user_id -> Binary,
        definition -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    intent_trace (id) {
        id -> BigInt,
        intent_seq -> BigInt,
        at -> BigInt,
        step -> Text,
        outcome -> Text,
        reason -> Text,
        objects -> Text,
    }
}

diesel::table! {
    delivery (seq) {
        seq -> BigInt,
        id -> Binary,
        channel_id -> Nullable<Binary>,
        channel_name -> Nullable<Text>,
        state -> Text,
        attempts -> Integer,
        attempts_before -> Integer,
        fence -> BigInt,
        lease_until -> Nullable<BigInt>,
        next_at -> BigInt,
        changed_at -> BigInt,
        created_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        fallback_of -> Nullable<BigInt>,
        person_id -> Nullable<Binary>,
        template_id -> Nullable<Binary>,
    }
}

diesel::table! {
    delivery_intent (delivery_seq, intent_seq) {
        delivery_seq -> BigInt,
        intent_seq -> BigInt,
        alert_id -> Binary,
    }
}

diesel::table! {
    delivery_attempt (delivery_seq, number) {
        delivery_seq -> BigInt,
        number -> Integer,
        at -> BigInt,
        duration_ms -> BigInt,
        outcome -> Text,
        status -> Nullable<Integer>,
        answer -> Text,
        note -> Nullable<Text>,
    }
}

diesel::table! {
    channel (id) {
        id -> Binary,
        version -> BigInt,
        name -> Text,
        kind -> Text,
        config -> Text,
        secrets -> Nullable<Binary>,
        enabled -> Bool,
        disabled_because -> Nullable<Text>,
        fallback_id -> Nullable<Binary>,
        template_id -> Nullable<Binary>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    template (id) {
        id -> Binary,
        version -> BigInt,
        name -> Text,
        kind -> Text,
        parts -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        languages -> Text,
    }
}

diesel::table! {
    template_version (template_id, version) {
        template_id -> Binary,
        version -> BigInt,
        parts -> Text,
        at -> BigInt,
        by_user -> Nullable<Binary>,
        languages -> Text,
    }
}

diesel::table! {
    push_subscription (id) {
        id -> Binary,
        user_id -> Binary,
        digest -> Binary,
        secrets -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    server_secret (id) {
        id -> Binary,
        name -> Text,
        sealed -> Binary,
        created_at -> BigInt,
    }
}

diesel::table! {
    consent (id) {
        id -> Binary,
        user_id -> Binary,
        kind -> Text,
        subject_id -> Binary,
        name -> Text,
        given_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    inbox (id) {
        id -> Binary,
        user_id -> Binary,
        intent_seq -> BigInt,
        at -> BigInt,
        alert_id -> Binary,
        change -> Text,
        severity -> Text,
        server_id -> Binary,
        title -> Text,
        body -> Text,
        read_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(intent -> alert_history (seq));
diesel::joinable!(alert_history -> alert (alert_id));
diesel::joinable!(delivery_intent -> delivery (delivery_seq));
diesel::joinable!(delivery_attempt -> delivery (delivery_seq));
diesel::allow_tables_to_appear_in_same_query!(
    alert,
    alert_history,
    intent,
    delivery,
    delivery_attempt,
    delivery_intent
);
diesel::allow_tables_to_appear_in_same_query!(alert_history, intent_trace);
diesel::allow_tables_to_appear_in_same_query!(alert_history, alert_picture);

diesel::table! {
    user (id) {
        id -> Binary,
        version -> BigInt,
        username -> Text,
        display_name -> Nullable<Text>,
        email -> Nullable<Text>,
        phone -> Nullable<Text>,
        time_zone -> Nullable<Text>,
        locale -> Nullable<Text>,
        role -> Text,
        disabled -> Bool,
        password_hash -> Nullable<Text>,
        must_change_password -> Bool,
        created_at -> BigInt,
        updated_at -> BigInt,
        last_login_at -> Nullable<BigInt>,
        server_groups -> Text,
    }
}

diesel::table! {
    session (id) {
        id -> Binary,
        user_id -> Binary,
        created_at -> BigInt,
        last_used_at -> BigInt,
        expires_at -> BigInt,
        address -> Nullable<Text>,
        user_agent -> Nullable<Text>,
        generation -> BigInt,
        token_hash -> Binary,
        rotated_at -> BigInt,
    }
}

diesel::table! {
    setting (user_id) {
        user_id -> Binary,
        theme -> Text,
        units -> Text,
        start_page -> Text,
    }
}

diesel::table! {
    api_key (id) {
        id -> Binary,
        user_id -> Binary,
        name -> Text,
        prefix -> Text,
        secret_hash -> Binary,
        scopes -> Text,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
        last_used_at -> Nullable<BigInt>,
    }
}

diesel::joinable!(api_key -> user (user_id));
diesel::allow_tables_to_appear_in_same_query!(alert, server);
diesel::allow_tables_to_appear_in_same_query!(delivery, server);
diesel::allow_tables_to_appear_in_same_query!(delivery_intent, server);
diesel::allow_tables_to_appear_in_same_query!(inbox, server);
diesel::allow_tables_to_appear_in_same_query!(api_key, user);

diesel::table! {
    job (id) {
        id -> Binary,
        kind -> Text,
        version -> BigInt,
        schedule -> Text,
        enabled -> Bool,
        created_at -> BigInt,
        started_at -> Nullable<BigInt>,
        duration_ms -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
        result -> Text,
    }
}
