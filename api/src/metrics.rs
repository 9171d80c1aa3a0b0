//! What this process counts, as Prometheus reads it.

use std::time::{Duration, Instant};

use poem::http::{Method, StatusCode};
use projections::rebuild;
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};

use crate::admin::Admin;
use crate::analytics::{Recent, Spread};

/// Upper bounds in seconds.
const BUCKETS: [f64; 9] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.5, 10.0];

/// The counters of a process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    seconds: HistogramVec,
    head: IntGauge,
    positions: IntGaugeVec,
    parked: IntGaugeVec,
    connections: IntGaugeVec,
    recent: Recent,
}

impl Metrics {
    pub fn new() -> Result<Self, prometheus::Error> {
        let gauges = |name, help, labels: &[&str]| IntGaugeVec::new(Opts::new(name, help), labels);
        let metrics = Self {
            registry: Registry::new(),
            requests: IntCounterVec::new(
                Opts::new(
                    "convosphere_http_requests_total",
                    "Requests that were answered.",
                ),
                &["method", "status"],
            )?,
            seconds: HistogramVec::new(
                HistogramOpts::new(
                    "convosphere_http_request_seconds",
                    "Time to the head of the answer.",
                )
                .buckets(BUCKETS.to_vec()),
                &["method"],
            )?,
            head: IntGauge::new("convosphere_log_position", "The last position of the log.")?,
            positions: gauges(
                "convosphere_projection_position",
                "The position that a read model has reached.",
                &["projection"],
            )?,
            parked: gauges(
                "convosphere_projection_parked",
                "Objects that a read model waits with.",
                &["projection"],
            )?,
            connections: gauges(
                "convosphere_database_connections",
                "Connections of this process to its database.",
                &["state"],
            )?,
            recent: Recent::default(),
        };
        metrics
            .registry
            .register(Box::new(metrics.requests.clone()))?;
        metrics
            .registry
            .register(Box::new(metrics.seconds.clone()))?;
        metrics.registry.register(Box::new(metrics.head.clone()))?;
        metrics
            .registry
            .register(Box::new(metrics.positions.clone()))?;
        metrics
            .registry
            .register(Box::new(metrics.parked.clone()))?;
        metrics
            .registry
            .register(Box::new(metrics.connections.clone()))?;
        Ok(metrics)
    }

    /// Counts a request.
    pub(crate) fn answered(&self, method: &Method, status: StatusCode, time: Duration) {
        // Anybody can make up a method: those that no route takes share one name.
        let method = match method.as_str() {
            known @ ("GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS") => known,
            _ => "other",
        };
        self.requests
            .with_label_values(&[method, status.as_str()])
            .inc();
        self.seconds
            .with_label_values(&[method])
            .observe(time.as_secs_f64());
        self.recent.took(Instant::now(), time);
    }

    /// How long the last requests took.
    pub(crate) fn recent(&self) -> Spread {
        self.recent.spread(Instant::now())
    }

    /// Everything that is counted, with what can be asked now.
    pub(crate) async fn text(&self, admin: &Admin) -> Result<String, Box<dyn std::error::Error>> {
        self.head.set(admin.feed.head());
        for view in rebuild::list(&admin.pool).await? {
            self.positions
                .with_label_values(&[&view.name])
                .set(view.position);
            self.parked
                .with_label_values(&[&view.name])
                .set(view.parked);
        }
        let idle = i64::try_from(admin.pool.num_idle()).unwrap_or(i64::MAX);
        let all = i64::from(admin.pool.size());
        for (state, count) in [("idle", idle), ("used", (all - idle).max(0))] {
            self.connections.with_label_values(&[state]).set(count);
        }
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8(text)?)
    }
}
