//! A way to PostgreSQL that fails as networks and failovers do: it cuts, refuses, delays, swallows answers, and leads to
//! another database of the cluster while the programs behind it go on.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Asks whether the server speaks TLS; the socket behind the proxy does not.
const TLS_WANTED: u32 = 80_877_103;
const GSS_WANTED: u32 = 80_877_104;
/// A client's first message is short; what is longer is no client of PostgreSQL.
const LONGEST_START: usize = 10_000;
const PIECE: usize = 65_536;

/// What the proxy does with connections. Each change holds for those that are open as well, but for the place to which
/// they lead.
#[derive(Debug, Clone)]
struct Rules {
    target: Arc<Target>,
    /// Raised by every cut.
    cuts: u64,
    swallows_answers: bool,
    delay: Duration,
}

/// Where a connection leads.
#[derive(Debug)]
struct Target {
    socket: PathBuf,
    database: String,
}

impl Target {
    /// Of a URL as [`crate::database_url`] tells it.
    fn parse(url: &str) -> anyhow::Result<Self> {
        let (start, folder) = url.split_once("?host=").context("a URL with a socket")?;
        let (_, database) = start.rsplit_once('/').context("a URL with a database")?;
        Ok(Self {
            socket: PathBuf::from(folder).join(".s.PGSQL.5432"),
            database: database.to_owned(),
        })
    }
}

/// A proxy on a port of its own. Its connections end with it.
#[derive(Debug)]
pub struct Proxy {
    port: u16,
    rules: watch::Sender<Rules>,
    accepting: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl Proxy {
    /// Starts one in front of a database, named by the URL that [`crate::database_url`] tells.
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

    /// A connection URL that leads through the proxy. The database that it names is the one at which the proxy points.
    pub fn url(&self) -> String {
        let database = &self.rules.borrow().target.database;
        format!(
            "postgres://convosphere@127.0.0.1:{}/{database}?sslmode=disable",
            self.port
        )
    }

    /// Cuts every open connection, now: nothing that is sent afterwards arrives. New ones are taken.
    pub fn cut_all(&self) {
        self.rules.send_modify(|rules| rules.cuts += 1);
    }

    /// Refuses new connections, as a port does on which nobody listens, or takes them again. Open ones go on.
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
                let listener = listener.expect("the port that was left");
                *accepting = Some(tokio::spawn(accept(listener, self.rules.subscribe())));
            }
            (_, task) => *accepting = task,
        }
    }

    /// Leads new connections to another database of the cluster. Open ones go on; [`Self::cut_all`] ends them.
    pub fn point_at(&self, target: &str) {
        let target = Arc::new(Target::parse(target).expect("the URL of a test database"));
        self.rules.send_modify(|rules| rules.target = target);
    }

    /// Takes what the database answers and tells it to nobody. A client prepares a statement that is new on its
    /// connection and waits for the answer to that: what is to be done unheard must be known there already.
    pub fn swallow_answers(&self, swallow: bool) {
        self.rules
            .send_modify(|rules| rules.swallows_answers = swallow);
    }

    /// Holds back everything for so long, in each direction.
    pub fn delay(&self, delay: Duration) {
        self.rules.send_modify(|rules| rules.delay = delay);
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(task) = self.accepting.get_mut().take() {
            task.abort();
        }
        // The connections end when the rules do.
    }
}

async fn accept(listener: TcpListener, rules: watch::Receiver<Rules>) {
    while let Ok((client, _)) = listener.accept().await {
        tokio::spawn(lead(client, rules.clone()));
    }
}

/// Carries one connection until either end closes it or it is cut.
async fn lead(mut client: TcpStream, rules: watch::Receiver<Rules>) -> io::Result<()> {
    let (target, cuts) = {
        let rules = rules.borrow();
        (rules.target.clone(), rules.cuts)
    };
    let _ = client.set_nodelay(true);
    let start = start(&mut client, &target.database).await?;
    let mut server = UnixStream::connect(&target.socket).await?;
    server.write_all(&start).await?;
    let (asks, answers) = client.split();
    let (server_answers, server_asks) = server.split();
    let mut until_cut = rules.clone();
    tokio::select! {
        biased;
        _ = until_cut.wait_for(|rules| rules.cuts > cuts) => Ok(()),
        done = carry(asks, server_asks, rules.clone(), |_| false) => done,
        done = carry(server_answers, answers, rules, |rules| rules.swallows_answers) => done,
    }
}

async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    rules: watch::Receiver<Rules>,
    swallows: impl Fn(&Rules) -> bool,
) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let taken = from.read(&mut piece).await?;
        if taken == 0 {
            return Ok(());
        }
        let delay = rules.borrow().delay;
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        if !swallows(&rules.borrow()) {
            to.write_all(&piece[..taken]).await?;
        }
    }
}

/// The client's first message, with the database that is meant instead of the one that it names.
async fn start(client: &mut TcpStream, database: &str) -> io::Result<Vec<u8>> {
    loop {
        let length = client.read_u32().await? as usize;
        if !(8..=LONGEST_START).contains(&length) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        let code = client.read_u32().await?;
        let mut body = vec![0; length - 8];
        client.read_exact(&mut body).await?;
        match code {
            TLS_WANTED | GSS_WANTED => client.write_all(b"N").await?,
            // Of a start the parameters, of a request to cancel the connection's secret.
            version if version >> 16 == 3 => return Ok(message(code, &renamed(&body, database))),
            _ => return Ok(message(code, &body)),
        }
    }
}

fn message(code: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + 8).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), &code.to_be_bytes(), body].concat()
}

/// The parameters of a start with another database.
fn renamed(parameters: &[u8], database: &str) -> Vec<u8> {
    let mut words = parameters.split(|byte| *byte == 0);
    let mut renamed = Vec::with_capacity(parameters.len());
    while let (Some(name), Some(value)) =
        (words.next().filter(|name| !name.is_empty()), words.next())
    {
        let value = if name == b"database" {
            database.as_bytes()
        } else {
            value
        };
        for word in [name, value] {
            renamed.extend_from_slice(word);
            renamed.push(0);
        }
    }
    renamed.push(0);
    renamed
}
