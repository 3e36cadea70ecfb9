//! What is in `monitoring/prometheus` and `monitoring/grafana`: rules, their tests, runbooks, dashboards, held against each
//! other and against families that were really told.

mod dashboards;
mod files;
mod names;
mod routes;
mod rules;
mod runbooks;
