//! The one table of routes: method, path, who may come in, handler; never what a handler does.

use actix_web::web;

use super::handlers;
pub use super::route_table::Row;
use super::route_table::{Entry, register, routes};

routes! {
    GET     "/health"                               Public          health::health;
    GET     "/health/live"                          Public          health::live;
    GET     "/health/ready"                         Public          health::ready;
    GET     "/metrics"                              Scrape          exposition::page;
    GET     "/api/v1"                               Public          root::root;
    GET     "/api/docs"                             Public          docs::index;
    GET     "/api/docs/{file}"                      Public          docs::file;
    GET     "/api/v1/openapi.json"                  Public          root::openapi;

    POST    "/api/v1/auth/login"                    Public          auth::login;
    POST    "/api/v1/auth/refresh"                  Public          auth::refresh;
    POST    "/api/v1/auth/logout"                   Public          auth::logout;
    GET     "/api/v1/auth/me"                       FirstPassword   auth::me;
    POST    "/api/v1/auth/password"                 FirstPassword   auth::password;
    GET     "/api/v1/auth/me/settings"              SelfService     settings::get;
    PUT     "/api/v1/auth/me/settings"              SelfService     settings::put;
    GET     "/api/v1/auth/sessions"                 SelfService     sessions::list;
    DELETE  "/api/v1/auth/sessions/{id}"            SelfService     sessions::end;
    POST    "/api/v1/auth/ws-ticket"                SelfService     auth::ws_ticket;
    GET     "/api/v1/api-keys"                      SelfService     keys::list;
    POST    "/api/v1/api-keys"                      SelfService     keys::add;
    DELETE  "/api/v1/api-keys/{id}"                 SelfService     keys::remove;
    GET     "/api/v1/roles"                         SelfService     root::roles;
    GET     "/api/v1/people"                        PeopleRead      people::list;
    GET     "/api/v1/users"                         UsersWrite      users::list;
    POST    "/api/v1/users"                         UsersWrite      users::add;
    GET     "/api/v1/users/{id}"                    UsersWrite      users::get;
    PATCH   "/api/v1/users/{id}"                    UsersWrite      users::change;
    DELETE  "/api/v1/users/{id}"                    UsersWrite      users::remove;

    GET     "/api/v1/servers"                       ServersRead     servers::list;
    GET     "/api/v1/servers/{id}"                  ServersRead     servers::get;
    PATCH   "/api/v1/servers/{id}"                  ServersWrite    servers::change;
    POST    "/api/v1/servers/{id}/toggle"           ServersWrite    servers::toggle;
    POST    "/api/v1/servers/{id}/monitor/start"    MonitoringControl servers::start;
    POST    "/api/v1/servers/{id}/monitor/stop"     MonitoringControl servers::stop;
    GET     "/api/v1/servers/{id}/metrics"          ServersRead     servers::latest;
    GET     "/api/v1/servers/{id}/processes"        ServersRead     servers::processes;
    GET     "/api/v1/status/realtime"               ServersRead     status::realtime;
    GET     "/api/v1/status/server/{id}"            ServersRead     status::server;

    GET     "/api/v1/metrics/catalog"               MetricsRead     catalogue::list;
    GET     "/api/v1/metrics/query"                 MetricsRead     metrics::query;
    POST    "/api/v1/metrics/query"                 MetricsRead     metrics::query_several;
    GET     "/api/v1/metrics/names"                 MetricsRead     metrics::names;
    GET     "/api/v1/metrics/series"                MetricsRead     metrics::series;
    POST    "/api/v1/metrics/custom"                MetricsWrite    custom::push;
    GET     "/api/v1/metrics/export"                MetricsRead     metrics::export;
    GET     "/api/v1/prom/api/v1/query"             MetricsRead     prom::query;
    POST    "/api/v1/prom/api/v1/query"             MetricsRead     prom::query_by_form;
    GET     "/api/v1/prom/api/v1/query_range"       MetricsRead     prom::query_range;
    POST    "/api/v1/prom/api/v1/query_range"       MetricsRead     prom::query_range_by_form;
    GET     "/api/v1/prom/api/v1/series"            MetricsRead     prom_series::series;
    POST    "/api/v1/prom/api/v1/series"            MetricsRead     prom_series::series_by_form;
    GET     "/api/v1/prom/api/v1/labels"            MetricsRead     prom_series::labels;
    POST    "/api/v1/prom/api/v1/labels"            MetricsRead     prom_series::labels_by_form;
    GET     "/api/v1/prom/api/v1/label/{name}/values" MetricsRead   prom_series::label_values;
    GET     "/api/v1/prom/api/v1/metadata"          MetricsRead     prom_about::metadata;
    GET     "/api/v1/prom/api/v1/status/buildinfo"  MetricsRead     prom_about::buildinfo;
    GET     "/api/v1/prom/api/v1/format_query"      MetricsRead     prom_about::format_query;
    POST    "/api/v1/prom/api/v1/format_query"      MetricsRead     prom_about::format_query_by_form;
    GET     "/api/v1/scrape/targets"                MetricsRead     scrape::targets;
    POST    "/api/v1/otlp/v1/metrics"               MetricsWrite    otlp::metrics;
    POST    "/api/v1/prom/api/v1/write"             MetricsWrite    remote_write::write;
    GET     "/api/v1/remote-write"                  MetricsRead     remote_write::receivers;
    GET     "/api/v1/observability/infrastructure/system"   MetricsRead infrastructure::system;
    GET     "/api/v1/observability/infrastructure/process"  MetricsRead infrastructure::process;
    GET     "/api/v1/observability/infrastructure/platform" MetricsRead infrastructure::platform;
    GET     "/api/v1/observability/infrastructure/summary"  MetricsRead infrastructure::summary;
    GET     "/api/v1/observability/infrastructure/health"   MetricsRead infrastructure::health;
    GET     "/api/v1/observability/infrastructure/report"   MetricsRead infrastructure::report;

    GET     "/api/v1/alerts"                        AlertsRead      alerts::list;
    POST    "/api/v1/alerts"                        RulesWrite      rules::add_short;
    GET     "/api/v1/alerts/rules"                  AlertsRead      rules::list;
    POST    "/api/v1/alerts/rules"                  RulesWrite      rules::add;
    POST    "/api/v1/alerts/rules/advise"           RulesWrite      rule_trials::advise;
    POST    "/api/v1/alerts/rules/preview"          RulesWrite      rule_trials::preview;
    GET     "/api/v1/alerts/rules/export"           AlertsRead      rule_files::export;
    POST    "/api/v1/alerts/rules/import"           RulesWrite      rule_files::import;
    GET     "/api/v1/alerts/rules/{id}"             AlertsRead      rules::get;
    PUT     "/api/v1/alerts/rules/{id}"             RulesWrite      rules::replace;
    PATCH   "/api/v1/alerts/rules/{id}"             RulesWrite      rules::change;
    DELETE  "/api/v1/alerts/rules/{id}"             RulesWrite      rules::remove;
    POST    "/api/v1/alerts/rules/{id}/duplicate"   RulesWrite      rule_files::duplicate;
    GET     "/api/v1/alerts/history"                AlertsRead      alerts::history;
    GET     "/api/v1/alerts/engine"                 AlertsRead      alerts::engine;
    GET     "/api/v1/alerts/export"                 ExportsRead     alerts::export;
    GET     "/api/v1/alerts/{id}"                   AlertsRead      alerts::get;
    POST    "/api/v1/alerts/{id}/acknowledge"       AlertsAct       alerts::acknowledge;
    POST    "/api/v1/alerts/{id}/resolve"           AlertsAct       alerts::resolve;
    POST    "/api/v1/alerts/{id}/comments"          AlertsAct       alert_acts::comment;
    POST    "/api/v1/alerts/{id}/assign"            AlertsAct       alert_acts::assign;
    POST    "/api/v1/alerts/bulk"                   AlertsAct       alert_acts::bulk;
    GET     "/api/v1/alerts/{id}/replay"            AlertsRead      alert_past::replay;
    GET     "/api/v1/alerts/{id}/explain"           AlertsRead      alert_past::explain;
    GET     "/api/v1/alerts/{id}/recording"         AlertsRead      alert_past::recording;
    GET     "/api/v1/alerts/{id}/picture.png"       AlertsRead      alert_past::picture;
    GET     "/api/v1/notifications/inbox"           SelfService     inbox::list;
    POST    "/api/v1/notifications/inbox/read"      SelfService     inbox::read_all;
    POST    "/api/v1/notifications/inbox/{id}/read" SelfService     inbox::read;
    GET     "/api/v1/notifications/channels"        NotificationsRead channels::list;
    POST    "/api/v1/notifications/channels"        ChannelsWrite   channels::add;
    GET     "/api/v1/notifications/channels/{id}"   NotificationsRead channels::get;
    PUT     "/api/v1/notifications/channels/{id}"   ChannelsWrite   channels::replace;
    PATCH   "/api/v1/notifications/channels/{id}"   ChannelsWrite   channels::change;
    DELETE  "/api/v1/notifications/channels/{id}"   ChannelsWrite   channels::remove;
    POST    "/api/v1/notifications/channels/{id}/test" ChannelsWrite channels::test;
    GET     "/api/v1/notifications/templates"       NotificationsRead templates::list;
    POST    "/api/v1/notifications/templates"       ChannelsWrite   templates::add;
    POST    "/api/v1/notifications/templates/preview" NotificationsRead templates::preview;
    GET     "/api/v1/notifications/templates/{id}"  NotificationsRead templates::get;
    PUT     "/api/v1/notifications/templates/{id}"  ChannelsWrite   templates::replace;
    DELETE  "/api/v1/notifications/templates/{id}"  ChannelsWrite   templates::remove;
    GET     "/api/v1/notifications/templates/{id}/versions" NotificationsRead templates::versions;
    POST    "/api/v1/notifications/templates/{id}/restore" ChannelsWrite templates::restore;
    GET     "/api/v1/notifications/deliveries"      NotificationsRead deliveries::list;
    GET     "/api/v1/notifications/deliveries/{id}" NotificationsRead deliveries::get;
    POST    "/api/v1/notifications/deliveries/{id}/resend" ChannelsWrite deliveries::resend;
    GET     "/api/v1/notifications/statistics"      NotificationsRead deliveries::statistics;
    GET     "/api/v1/notifications/push-key"        SelfService     push::key;
    GET     "/api/v1/notifications/push-subscriptions" SelfService  push::list;
    POST    "/api/v1/notifications/push-subscriptions" SelfService  push::add;
    DELETE  "/api/v1/notifications/push-subscriptions/{id}" SelfService push::remove;

    GET     "/api/v1/database"                      DatabaseManage  database::storage;
    GET     "/api/v1/jobs"                          DatabaseManage  jobs::list;
    PATCH   "/api/v1/jobs/{id}"                     DatabaseManage  jobs::change;
    POST    "/api/v1/jobs/{id}/run"                 DatabaseManage  jobs::run;

    GET     "/api/v1/ws"                            Public          live::connect;
}

/// Registers every route.
pub fn configure(server: &mut web::ServiceConfig) {
    register(entries(), server);
}
