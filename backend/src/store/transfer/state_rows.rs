//! The rows of every table of people, servers, rules and alerts as they are moved, in an order in which no row refers to a later one;
//! never what a row means. A test compares the list with the tables that there are.

use super::table::moved;

moved! {
    /// Those of people, servers, rules and alerts.
    STATE:
    server by (id) {
        id: Vec<u8>,
        name: String,
        kind: String,
        address: Option<String>,
        group_name: Option<String>,
        tags: String,
        interval_seconds: i32,
        enabled: bool,
        monitoring: String,
        created_at: i64,
        updated_at: i64,
    }
    user by (id) {
        id: Vec<u8>,
        version: i64,
        username: String,
        display_name: Option<String>,
        email: Option<String>,
        phone: Option<String>,
        time_zone: Option<String>,
        locale: Option<String>,
        role: String,
        disabled: bool,
        password_hash: Option<String>,
        must_change_password: bool,
        created_at: i64,
        updated_at: i64,
        last_login_at: Option<i64>,
        server_groups: String,
    }
    session by (id) {
        id: Vec<u8>,
        user_id: Vec<u8>,
        created_at: i64,
        last_used_at: i64,
        expires_at: i64,
        address: Option<String>,
        user_agent: Option<String>,
        generation: i64,
        token_hash: Vec<u8>,
        rotated_at: i64,
    }
    setting by (user_id) {
        user_id: Vec<u8>,
        theme: String,
        units: String,
        start_page: String,
    }
    rule by (id) {
        id: Vec<u8>,
        name: String,
        version: i32,
        definition: String,
        created_at: i64,
        updated_at: i64,
    }
    seeded by (name) {
        name: String,
        at: i64,
    }
    alert by (id) {
        id: Vec<u8>,
        rule_id: Vec<u8>,
        rule_name: String,
        rule_version: i32,
        server_id: Vec<u8>,
        server_name: String,
        metric: String,
        series_labels: String,
        labels: String,
        severity: String,
        state: String,
        value: Option<f64>,
        threshold: Option<f64>,
        message: String,
        started_at: i64,
        acknowledged_at: Option<i64>,
        acknowledged_by: Option<Vec<u8>>,
        resolved_at: Option<i64>,
        resolved_by: Option<Vec<u8>>,
        rule_state: String,
        holds_until: Option<i64>,
        assignee: Option<Vec<u8>>,
        flapping: bool,
    }
    alert_history by (seq) numbered seq {
        seq: i64,
        alert_id: Vec<u8>,
        at: i64,
        change: String,
        severity: String,
        value: Option<f64>,
        message: String,
        by_user: Option<Vec<u8>>,
        comment: Option<String>,
        assignee: Option<Vec<u8>>,
        held: bool,
    }
    alert_picture by (alert_id) {
        alert_id: Vec<u8>,
        png: Vec<u8>,
        at: i64,
    }
    alert_snapshot by (alert_id) {
        alert_id: Vec<u8>,
        body: Vec<u8>,
    }
    recording by (server_id, slot) {
        server_id: Vec<u8>,
        slot: i64,
        body: Vec<u8>,
    }
    rule_version by (rule_id, version) {
        rule_id: Vec<u8>,
        version: i32,
        definition: String,
    }
    decision by (id) numbered id {
        id: i64,
        alert_id: Vec<u8>,
        seq: Option<i64>,
        at: i64,
        rule_id: Vec<u8>,
        rule_version: i32,
        input: String,
        outcome: String,
    }
    intent by (seq) {
        seq: i64,
        alert_id: Vec<u8>,
        due_at: i64,
        consumed_at: Option<i64>,
        held_by: Option<String>,
    }
    alerting_document by (id) {
        id: Vec<u8>,
        kind: String,
        version: i32,
        definition: String,
        ends_at: Option<i64>,
        created_by: Option<Vec<u8>>,
        created_at: i64,
        updated_at: i64,
        server_groups: String,
    }
    notice by (id) numbered id {
        id: i64,
        channel_id: Vec<u8>,
        group_key: String,
        intent_seq: i64,
        alert_id: Vec<u8>,
        due_at: i64,
        repeat_seconds: i32,
        again: bool,
        grouped: bool,
        held: bool,
        person_id: Option<Vec<u8>>,
    }
    notice_group by (channel_id, group_key) {
        channel_id: Vec<u8>,
        group_key: String,
        told_at: i64,
    }
    escalation by (id) numbered id {
        id: i64,
        alert_id: Vec<u8>,
        intent_seq: i64,
        policy_id: Vec<u8>,
        step: i32,
        round: i32,
        due_at: i64,
        ended_at: Option<i64>,
        told: bool,
        held: bool,
    }
    notification_preference by (user_id) {
        user_id: Vec<u8>,
        definition: String,
        updated_at: i64,
    }
    intent_trace by (id) numbered id {
        id: i64,
        intent_seq: i64,
        at: i64,
        step: String,
        outcome: String,
        reason: String,
        objects: String,
    }
    template by (id) {
        id: Vec<u8>,
        version: i64,
        name: String,
        kind: String,
        parts: String,
        created_at: i64,
        updated_at: i64,
        languages: String,
    }
    template_version by (template_id, version) {
        template_id: Vec<u8>,
        version: i64,
        parts: String,
        at: i64,
        by_user: Option<Vec<u8>>,
        languages: String,
    }
    channel by (id) {
        id: Vec<u8>,
        version: i64,
        name: String,
        kind: String,
        config: String,
        secrets: Option<Vec<u8>>,
        enabled: bool,
        disabled_because: Option<String>,
        fallback_id: Option<Vec<u8>>,
        template_id: Option<Vec<u8>>,
        created_at: i64,
        updated_at: i64,
    }
    server_secret by (id) {
        id: Vec<u8>,
        name: String,
        sealed: Vec<u8>,
        created_at: i64,
    }
    push_subscription by (id) {
        id: Vec<u8>,
        user_id: Vec<u8>,
        digest: Vec<u8>,
        secrets: Vec<u8>,
        created_at: i64,
    }
    consent by (id) {
        id: Vec<u8>,
        user_id: Vec<u8>,
        kind: String,
        subject_id: Vec<u8>,
        name: String,
        given_at: i64,
        withdrawn_at: Option<i64>,
    }
    delivery by (seq) numbered seq {
        seq: i64,
        id: Vec<u8>,
        channel_id: Option<Vec<u8>>,
        channel_name: Option<String>,
        state: String,
        attempts: i32,
        attempts_before: i32,
        fence: i64,
        lease_until: Option<i64>,
        next_at: i64,
        changed_at: i64,
        created_at: i64,
        ended_at: Option<i64>,
        reason: Option<String>,
        fallback_of: Option<i64>,
        person_id: Option<Vec<u8>>,
        template_id: Option<Vec<u8>>,
    }
    delivery_intent by (delivery_seq, intent_seq) {
        delivery_seq: i64,
        intent_seq: i64,
        alert_id: Vec<u8>,
    }
    delivery_attempt by (delivery_seq, number) {
        delivery_seq: i64,
        number: i32,
        at: i64,
        duration_ms: i64,
        outcome: String,
        status: Option<i32>,
        answer: String,
        note: Option<String>,
    }
    inbox by (id) {
        id: Vec<u8>,
        user_id: Vec<u8>,
        intent_seq: i64,
        at: i64,
        alert_id: Vec<u8>,
        change: String,
        severity: String,
        server_id: Vec<u8>,
        title: String,
        body: String,
        read_at: Option<i64>,
    }
    api_key by (id) {
        id: Vec<u8>,
        user_id: Vec<u8>,
        name: String,
        prefix: String,
        secret_hash: Vec<u8>,
        scopes: String,
        created_at: i64,
        expires_at: Option<i64>,
        last_used_at: Option<i64>,
    }
    job by (id) {
        id: Vec<u8>,
        kind: String,
        version: i64,
        schedule: String,
        enabled: bool,
        created_at: i64,
        started_at: Option<i64>,
        duration_ms: Option<i64>,
        outcome: Option<String>,
        result: String,
    }
}
