//! A proxy in front of PostgreSQL that simulates failures of networks and failovers: it cuts, refuses and delays
//! connections, swallows responses, and switches to another database of the cluster.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// The codes of `SSLRequest` and `GSSENCRequest`, which the proxy declines.
const SSL_REQUEST: u32 = 80_877_103;
const GSSENC_REQUEST: u32 = 80_877_104;
/// The maximum length of a startup message.
const MAX_STARTUP: usize = 10_000;
const BUFFER: usize = 65_536;

/// What the proxy does with connections. Changes also apply to open connections, except for the target.
#[derive(Debug, Clone)]
struct Rules {
    target: Arc<Target>,
    /// The number of cuts so far.
    cuts: u64,
    swallows_answers: bool,
    delay: Duration,
}

/// The destination of a connection.
#[derive(Debug)]
struct Target {
    socket: PathBuf,
    database: String,
}

impl Target {
    /// Parses a URL from [`crate::database_url`].
    fn parse(url: &str) -> anyhow::Result<Self> {
        let (start, folder) = url.split_once("?host=").context("a URL with a socket")?;
        let (_, database) = start.rsplit_once('/').context("a URL with a database")?;
        Ok(Self {
            socket: PathBuf::from(folder).join(".s.PGSQL.5432"),
            database: database.to_owned(),
        })
    }
}

/// A proxy on a free port. Dropping it closes its connections.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    rules: watch::Sender<Rules>,
    accepting: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Proxy {
    /// Starts a proxy in front of a database with a URL from [`crate::database_url`].
    pub async fn start(target: &str) -> Self {
        let target = Arc::new(Target::parse(target).expect("the URL of a test database"));
        let (rules, _) = watch::channel(Rules {
            target,
            cuts: 0,
            swallows_answers: false,
            delay: Duration::ZERO,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let accepting = tokio::spawn(accept(listener, rules.subscribe()));
        Self {
            port,
            rules,
            accepting: tokio::sync::Mutex::new(Some(accepting)),
        }
    }

    /// The URL of the current target through the proxy.
    pub fn url(&self) -> String {
        let database = &self.rules.borrow().target.database;
        format!(
            "postgres://convosphere@127.0.0.1:{}/{database}?sslmode=disable",
            self.port
        )
    }

    /// Cuts every open connection at once. New connections are accepted.
    pub fn cut_all(&self) {
        self.rules.send_modify(|rules| rules.cuts += 1);
    }

    /// Refuses new connections, like a port on which nobody listens, or accepts them again. Open ones stay.
    pub async fn refuse(&self, refuse: bool) {
        let mut accepting = self.accepting.lock().await;
        match (refuse, accepting.take()) {
            (true, Some(task)) => {
                task.abort();
                // The port is closed once the task has ended.
                let _ = task.await;
            }
            (false, None) => {
                let listener = TcpListener::bind(("127.0.0.1", self.port)).await;
                let listener = listener.expect("the same port again");
                *accepting = Some(tokio::spawn(accept(listener, self.rules.subscribe())));
            }
            (_, task) => *accepting = task,
        }
    }

    /// Directs new connections to another database of the cluster. Open ones stay until [`Self::cut_all`].
    pub fn point_at(&self, target: &str) {
        let target = Arc::new(Target::parse(target).expect("the URL of a test database"));
        self.rules.send_modify(|rules| rules.target = target);
    }

    /// Discards the responses of the database. A client waits for the response to preparing a statement, so only
    /// statements that are already prepared on its connection are executed.
    pub fn swallow_answers(&self, swallow: bool) {
        self.rules
            .send_modify(|rules| rules.swallows_answers = swallow);
    }

    /// Delays everything by this duration in each direction.
    pub fn delay(&self, delay: Duration) {
        self.rules.send_modify(|rules| rules.delay = delay);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(task) = self.accepting.get_mut().take() {
            task.abort();
        }
        // The connections close when the sender of the rules is dropped.
    }
}

async fn accept(listener: TcpListener, rules: watch::Receiver<Rules>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(forward(client, rules.clone()));
    }
}

/// Forwards one connection until either side closes it or it is cut.
async fn forward(mut client: TcpStream, rules: watch::Receiver<Rules>) -> io::Result<()> {
    let (target, cuts) = {
        let rules = rules.borrow();
        (rules.target.clone(), rules.cuts)
    };
    let _ = client.set_nodelay(true);
    let startup = read_startup(&mut client, &target.database).await?;
    let mut server = UnixStream::connect(&target.socket).await?;
    server.write_all(&startup).await?;
    let (from_client, to_client) = client.split();
    let (from_server, to_server) = server.split();
    let mut cut = rules.clone();
    tokio::select! {
        biased;
        _ = cut.wait_for(|rules| rules.cuts > cuts) => Ok(()),
        done = copy(from_client, to_server, rules.clone(), |_| false) => done,
        done = copy(from_server, to_client, rules, |rules| rules.swallows_answers) => done,
    }
}

async fn copy(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    rules: watch::Receiver<Rules>,
    swallows: impl Fn(&Rules) -> bool,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    loop {
        let length = from.read(&mut buffer).await?;
        if length == 0 {
            return Ok(());
        }
        let delay = rules.borrow().delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if !swallows(&rules.borrow()) {
            to.write_all(&buffer[..length]).await?;
        }
    }
}

/// Reads the startup message of the client and replaces its database.
async fn read_startup(client: &mut TcpStream, database: &str) -> io::Result<Vec<u8>> {
    loop {
        let length = client.read_u32().await? as usize;
        if !(8..=MAX_STARTUP).contains(&length) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let code = client.read_u32().await?;
        let mut body = vec![0; length - 8];
        client.read_exact(&mut body).await?;
        match code {
            SSL_REQUEST | GSSENC_REQUEST => client.write_all(b"N").await?,
            version if version >> 16 == 3 => {
                return Ok(message(code, &replace_database(&body, database)));
            }
            // A cancel request.
            _ => return Ok(message(code, &body)),
        }
    }
}

fn message(code: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 8).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), &code.to_be_bytes(), body].concat()
}

/// Replaces the database in the parameters of a startup message.
fn replace_database(parameters: &[u8], database: &str) -> Vec<u8> {
    let mut words = parameters.split(|byte| *byte == 0);
    let mut replaced = Vec::with_capacity(parameters.len());
    while let (Some(name), Some(value)) =
        (words.next().filter(|name| !name.is_empty()), words.next())
    {
        let value = if name == b"database" {
            database.as_bytes()
        } else {
            value
        };
        for word in [name, value] {
            replaced.extend_from_slice(word);
            replaced.push(0);
        }
    }
    replaced.push(0);
    replaced
}
