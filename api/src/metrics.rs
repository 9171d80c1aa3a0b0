//! Metrics of this process, in the format of Prometheus.

use std::time::{Duration, Instant};

use eventstore::Feed;
use poem::http::{Method, StatusCode};
use projections::rebuild;
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry,
    TextEncoder,
};
use sqlx::PgPool;

use crate::analytics::{Percentiles, RecentDurations};

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
    recent: RecentDurations,
}

impl Metrics {
    pub fn new() -> Result<Self, prometheus::Error> {
        let gauges = |name, help, labels: &[&str]| IntGaugeVec::new(Opts::new(name, help), labels);
        let metrics = Self {
            registry: Registry::new(),
            requests: IntCounterVec::new(
                Opts::new("convosphere_http_requests_total", "Completed requests."),
                &["method", "status"],
            )?,
            seconds: HistogramVec::new(
                HistogramOpts::new(
                    "convosphere_http_request_seconds",
                    "Time until the response headers were ready.",
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
                "Objects whose events a read model could not apply.",
                &["projection"],
            )?,
            connections: gauges(
                "convosphere_database_connections",
                "Connections of this process to its database.",
                &["state"],
            )?,
            recent: RecentDurations::default(),
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
    pub(crate) fn record_request(&self, method: &Method, status: StatusCode, time: Duration) {
        // Clients can invent methods: unknown ones share one label, so that their number stays bounded.
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
        self.recent.record(Instant::now(), time);
    }

    /// Percentiles of the durations of recent requests.
    pub(crate) fn recent(&self) -> Percentiles {
        self.recent.percentiles(Instant::now())
    }

    /// All metrics as text, including those that are read at this moment.
    pub(crate) async fn text(
        &self,
        pool: &PgPool,
        feed: &Feed,
    ) -> Result<String, Box<dyn std::error::Error>> {
        self.head.set(feed.head());
        for view in rebuild::list_status(pool).await? {
            self.positions
                .with_label_values(&[&view.name])
                .set(view.position);
            self.parked
                .with_label_values(&[&view.name])
                .set(view.parked);
        }
        let idle = i64::try_from(pool.num_idle()).unwrap_or(i64::MAX);
        let all = i64::from(pool.size());
        for (state, count) in [("idle", idle), ("used", (all - idle).max(0))] {
            self.connections.with_label_values(&[state]).set(count);
        }
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(String::from_utf8(text)?)
    }
}
