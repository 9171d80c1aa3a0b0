//! Somebody who can reach the NATS server and nothing else: speaks its protocol, has no key.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A connection of a client that is not of the product.
#[derive(Debug)]
pub struct Stranger {
    connection: BufReader<TcpStream>,
}

/// What a subscriber is given: subject, headers as they came, body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overheard {
    pub subject: String,
    pub headers: String,
    pub body: Vec<u8>,
}

impl Stranger {
    /// Connects, and hears everything that is said from now on.
    pub async fn connect(url: &str) -> Self {
        let place = url.trim_start_matches("nats://");
        let connection = TcpStream::connect(place).await.expect("the NATS server");
        let mut stranger = Self {
            connection: BufReader::new(connection),
        };
        let hello = b"CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":false}\r\n";
        stranger.write(hello).await;
        stranger.write(b"SUB > 1\r\n").await;
        stranger.reached().await;
        stranger
    }

    /// Publishes something, with headers as "name: value" lines, and waits until the server has it.
    pub async fn publish(&mut self, subject: &str, headers: &[(&str, &str)], body: &[u8]) {
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let head = format!("NATS/1.0\r\n{lines}\r\n");
        let whole = head.len() + body.len();
        let command = format!("HPUB {subject} {} {whole}\r\n{head}", head.len());
        self.write(command.as_bytes()).await;
        self.write(body).await;
        self.write(b"\r\n").await;
    }

    /// The next thing that anybody says, oneself included.
    pub async fn next(&mut self) -> Overheard {
        loop {
            if let Some(overheard) = self.line().await {
                return overheard;
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) {
        let connection = self.connection.get_mut();
        connection.write_all(bytes).await.expect("the NATS server");
    }

    /// Waits until the server has taken what was sent.
    async fn reached(&mut self) {
        self.write(b"PING\r\n").await;
        let mut line = String::new();
        while line != "PONG\r\n" {
            line.clear();
            let read = self.connection.read_line(&mut line).await;
            assert!(read.expect("the NATS server") > 0, "NATS has hung up");
        }
    }

    /// One line of the server, with what belongs to it.
    async fn line(&mut self) -> Option<Overheard> {
        let mut line = String::new();
        let read = self.connection.read_line(&mut line).await;
        assert!(read.expect("the NATS server") > 0, "NATS has hung up");
        let words: Vec<&str> = line.split_whitespace().collect();
        let (subject, head, whole) = match words.as_slice() {
            ["PING"] => {
                self.write(b"PONG\r\n").await;
                return None;
            }
            ["MSG", subject, _, .., whole] => (*subject, 0, whole.parse().ok()?),
            ["HMSG", subject, _, .., head, whole] => {
                (*subject, head.parse().ok()?, whole.parse().ok()?)
            }
            _ => return None,
        };
        let whole: usize = whole;
        let mut bytes = vec![0; whole + 2];
        let read = self.connection.read_exact(&mut bytes).await;
        read.expect("the NATS server");
        bytes.truncate(whole);
        let body = bytes.split_off(head);
        Some(Overheard {
            subject: subject.to_owned(),
            headers: String::from_utf8_lossy(&bytes).into_owned(),
            body,
        })
    }
}
