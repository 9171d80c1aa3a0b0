//! A minimal NATS client without keys, to test what an attacker on the bus can read and forge.

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;

/// A connection that receives all messages.
#[derive(Debug)]
pub struct NatsClient {
    connection: BufReader<TcpStream>,
}

/// A received message, with its headers as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NatsMessage {
    pub subject: String,
    pub headers: String,
    pub body: Vec<u8>,
}

impl NatsClient {
    /// Connects and subscribes to all subjects.
    pub async fn connect(url: &str) -> Self {
        let address = url.trim_start_matches("nats://");
        let connection = TcpStream::connect(address).await.expect("the NATS server");
        let mut client = Self {
            connection: BufReader::new(connection),
        };
        let hello = b"CONNECT {\"verbose\":false,\"headers\":true,\"no_responders\":false}\r\n";
        client.write(hello).await;
        client.write(b"SUB > 1\r\n").await;
        client.flush().await;
        client
    }

    /// Publishes a message with headers.
    pub async fn publish(&mut self, subject: &str, headers: &[(&str, &str)], body: &[u8]) {
        let lines: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let head = format!("NATS/1.0\r\n{lines}\r\n");
        let total = head.len() + body.len();
        let command = format!("HPUB {subject} {} {total}\r\n{head}", head.len());
        self.write(command.as_bytes()).await;
        self.write(body).await;
        self.write(b"\r\n").await;
    }

    /// The next message, including those of this client.
    pub async fn next(&mut self) -> NatsMessage {
        loop {
            if let Some(message) = self.read_line().await {
                return message;
            }
        }
    }

    async fn write(&mut self, bytes: &[u8]) {
        let connection = self.connection.get_mut();
        connection.write_all(bytes).await.expect("the NATS server");
    }

    /// Waits until the server has processed all commands.
    async fn flush(&mut self) {
        self.write(b"PING\r\n").await;
        let mut line = String::new();
        while line != "PONG\r\n" {
            line.clear();
            let read = self.connection.read_line(&mut line).await;
            assert!(
                read.expect("the NATS server") > 0,
                "NATS closed the connection"
            );
        }
    }

    /// Reads one protocol line, with the message that follows it.
    async fn read_line(&mut self) -> Option<NatsMessage> {
        let mut line = String::new();
        let read = self.connection.read_line(&mut line).await;
        assert!(
            read.expect("the NATS server") > 0,
            "NATS closed the connection"
        );
        let words: Vec<&str> = line.split_whitespace().collect();
        let (subject, head, total) = match words.as_slice() {
            ["PING"] => {
                self.write(b"PONG\r\n").await;
                return None;
            }
            ["MSG", subject, _, .., total] => (*subject, 0, total.parse().ok()?),
            ["HMSG", subject, _, .., head, total] => {
                (*subject, head.parse().ok()?, total.parse().ok()?)
            }
            _ => return None,
        };
        let total: usize = total;
        let mut bytes = vec![0; total + 2];
        let read = self.connection.read_exact(&mut bytes).await;
        read.expect("the NATS server");
        bytes.truncate(total);
        let body = bytes.split_off(head);
        Some(NatsMessage {
            subject: subject.to_owned(),
            headers: String::from_utf8_lossy(&bytes).into_owned(),
            body,
        })
    }
}
