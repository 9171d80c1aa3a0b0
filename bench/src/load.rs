//! HTTP/1.1 load: connections that send the next request as soon as they receive a response. Requests are built in
//! advance, to leave as much processor time as possible to the server.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// The result of a load.
pub(crate) struct Load {
    pub per_second: f64,
    pub p99: Duration,
}

/// The bytes of a request.
pub(crate) fn request(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} /api/v1{path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Repeats each request on a separate connection for the given time.
pub(crate) async fn load(
    address: &str,
    requests: Vec<Vec<u8>>,
    time: Duration,
) -> anyhow::Result<Load> {
    let address: Arc<str> = address.into();
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for request in requests {
        let address = address.clone();
        tasks.spawn(async move {
            let mut connection = Connection::open(&address).await?;
            let mut times = Vec::new();
            while started.elapsed() < time {
                let sent = Instant::now();
                connection.send(&request).await?;
                times.push(sent.elapsed());
            }
            anyhow::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        times.extend(ended??);
    }
    let elapsed = started.elapsed();
    times.sort_unstable();
    let p99 = times.len() * 99 / 100;
    Ok(Load {
        per_second: crate::table::per_second(times.len() as u64, elapsed),
        p99: times.get(p99).copied().unwrap_or_default(),
    })
}

struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    async fn open(address: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            read: Vec::with_capacity(1 << 17),
        })
    }

    async fn send(&mut self, request: &[u8]) -> anyhow::Result<()> {
        self.stream.write_all(request).await?;
        self.read.clear();
        let mut end = None;
        loop {
            if self.stream.read_buf(&mut self.read).await? == 0 {
                bail!("the server closed the connection");
            }
            if end.is_none() {
                end = self.response_length()?;
            }
            if end.is_some_and(|end| self.read.len() >= end) {
                return Ok(());
            }
        }
    }

    /// The length of the response, once its headers are complete.
    fn response_length(&self) -> anyhow::Result<Option<usize>> {
        let Some(body) = self
            .read
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
        else {
            return Ok(None);
        };
        let head = std::str::from_utf8(&self.read[..body])?.to_ascii_lowercase();
        if !head.starts_with("http/1.1 20") {
            bail!("{}", String::from_utf8_lossy(&self.read));
        }
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .context("a response without a length")?;
        Ok(Some(body + 4 + length.trim().parse::<usize>()?))
    }
}
