//! What the agent tells: metrics to Prometheus, the room on its disk to other agents and to `kardan cluster status`.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::get;
use axum::{Json, Router};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::sync::watch::Receiver;
use tracing::error;

use super::disk::Space;
use crate::patroni::Member;
use crate::{Error, Place};

/// The recorder of this process, with every family told from the first scrape on.
pub fn recorder() -> Result<PrometheusHandle, Error> {
    let handle = PrometheusBuilder::new()
        .install_recorder()
        .map_err(|error| Error::state(format!("metrics: {error}")))?;
    for (name, help) in [
        (
            "kardan_agent_freezes_total",
            "Times that this node stood still",
        ),
        ("kardan_agent_patroni_starts_total", "Starts of Patroni"),
        (
            "kardan_agent_switchovers_total",
            "Switchovers asked for because the disk was low",
        ),
        (
            "kardan_agent_etcd_moves_total",
            "Times that etcd's lead was moved off this machine",
        ),
    ] {
        metrics::describe_counter!(name, help);
        metrics::counter!(name).absolute(0);
    }
    metrics::describe_counter!(
        "kardan_agent_task_failures_total",
        "Times that a task of the agent ended and was started again"
    );
    metrics::describe_gauge!("kardan_agent_disk_bytes", "Size of the volume");
    metrics::describe_gauge!(
        "kardan_agent_disk_available_bytes",
        "What PostgreSQL may still write"
    );
    metrics::describe_gauge!(
        "kardan_agent_disk_low",
        "1 when the volume has too little room"
    );
    metrics::describe_gauge!(
        "kardan_agent_read_only",
        "1 when the application may only read, because no disk has room"
    );
    metrics::gauge!("kardan_agent_read_only").set(0);
    Ok(handle)
}

/// The listener outlives whoever serves on it, so that it need not be bound again.
pub async fn bind(address: SocketAddr) -> Result<Arc<std::net::TcpListener>, Error> {
    let bound = TcpListener::bind(address).await;
    bound
        .and_then(TcpListener::into_std)
        .map(Arc::new)
        .map_err(|error| {
            Error::state(format!(
                "cannot listen on {address}: {error}; is an agent running?"
            ))
        })
}

pub async fn run(
    listener: Arc<std::net::TcpListener>,
    metrics: PrometheusHandle,
    space: Receiver<Option<Space>>,
) {
    let app = Router::new()
        .route(
            "/metrics",
            get(async |State(handle): State<PrometheusHandle>| handle.render()),
        )
        .with_state(metrics)
        .route("/disk", get(disk).with_state(space));
    let served = match listener.try_clone().and_then(TcpListener::from_std) {
        Ok(listener) => axum::serve(listener, app).await,
        Err(error) => Err(error),
    };
    if let Err(error) = served {
        error!(error = %error, "the agent tells nothing");
    }
}

async fn disk(
    State(space): State<Receiver<Option<Space>>>,
) -> Result<Json<Space>, (StatusCode, &'static str)> {
    let space = *space.borrow();
    space.map(Json).ok_or((
        StatusCode::SERVICE_UNAVAILABLE,
        "there is no data directory yet\n",
    ))
}

impl Place {
    /// What the agent beside a node says of its disk.
    pub(crate) async fn space(&self, member: &Member) -> Result<Space, Error> {
        let url = format!("http://{}:{}/disk", member.host(), super::PORT);
        let unreachable = |error: reqwest::Error| Error::unreachable("the agent", &url, &error);
        self.http
            .get(&url)
            .timeout(Self::patience())
            .send()
            .await
            .and_then(reqwest::Response::error_for_status)
            .map_err(unreachable)?
            .json()
            .await
            .map_err(unreachable)
    }
}
