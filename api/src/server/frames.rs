//! Frames of HTTP/2 that a client sends beside its requests: whoever floods a connection with them is cut off.
//!
//! Only the heads of frames are looked at (RFC 9113, section 4.1). Frames that ask for nothing (`PING`, `SETTINGS`,
//! `PRIORITY`, `WINDOW_UPDATE`, `RST_STREAM`, empty `DATA`, unknown ones) are measured against what the connection
//! carries otherwise, since clients acknowledge what they read.

use std::io;
use std::time::Duration;

use tokio::time::Instant;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEAD: usize = 9;
const DATA: u8 = 0;
const HEADERS: u8 = 1;
/// Frames that a client may send for nothing in a span of time.
const FRAMES: u64 = 1_000;
const SPAN: Duration = Duration::from_secs(10);
/// Bytes, sent or received, that pay for a frame: two for each event of a stream, however short it is.
const PRICE: u64 = 64;

/// What a client sends on one connection.
#[derive(Debug)]
pub struct Frames {
    stage: Stage,
    /// Bytes that were not paid.
    debt: u64,
    since: Instant,
}

#[derive(Debug)]
enum Stage {
    /// What of the preface is still to come.
    Preface(&'static [u8]),
    /// No HTTP/2.
    Other,
    /// The head of a frame, and how much of it is there.
    Head([u8; HEAD], usize),
    /// Bytes of its payload that are still to come.
    Payload(usize),
}

impl Frames {
    pub fn new() -> Self {
        Self {
            stage: Stage::Preface(PREFACE),
            debt: 0,
            since: Instant::now(),
        }
    }

    /// Looks at what the client has sent; an error where it is a flood.
    pub fn received(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match &mut self.stage {
                Stage::Other => return Ok(()),
                Stage::Preface(missing) => {
                    let missing = *missing;
                    let (part, rest) = bytes.split_at(bytes.len().min(missing.len()));
                    self.stage = match missing.strip_prefix(part) {
                        None => Stage::Other,
                        Some([]) => Stage::Head([0; HEAD], 0),
                        Some(missing) => Stage::Preface(missing),
                    };
                    bytes = rest;
                }
                Stage::Head(head, there) => {
                    let (part, rest) = bytes.split_at(bytes.len().min(HEAD - *there));
                    for (place, byte) in head.iter_mut().skip(*there).zip(part) {
                        *place = *byte;
                    }
                    *there += part.len();
                    bytes = rest;
                    if *there == HEAD {
                        let [high, middle, low, kind, ..] = *head;
                        let length = u32::from_be_bytes([0, high, middle, low]);
                        self.stage = Stage::Payload(length as usize);
                        self.count(kind, length.into())?;
                    }
                }
                Stage::Payload(missing) => {
                    let (part, rest) = bytes.split_at(bytes.len().min(*missing));
                    *missing -= part.len();
                    bytes = rest;
                    if *missing == 0 {
                        self.stage = Stage::Head([0; HEAD], 0);
                    }
                }
            }
        }
        Ok(())
    }

    /// Bytes that the client was sent.
    pub fn sent(&mut self, bytes: usize) {
        self.debt = self.debt.saturating_sub(bytes as u64);
    }

    fn count(&mut self, kind: u8, length: u64) -> io::Result<()> {
        match kind {
            // A request: what it costs is for others to bound.
            HEADERS => return Ok(()),
            DATA => self.debt = (self.debt + PRICE).saturating_sub(length),
            _ => self.debt += PRICE,
        }
        if self.debt <= FRAMES * PRICE {
            return Ok(());
        }
        if self.since.elapsed() < SPAN {
            tracing::info!("a connection was ended: its client floods it with frames of HTTP/2");
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        self.debt = 0;
        self.since = Instant::now();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRIORITY: u8 = 2;
    const RST_STREAM: u8 = 3;
    const SETTINGS: u8 = 4;
    const PING: u8 = 6;
    const WINDOW_UPDATE: u8 = 8;
    const CONTINUATION: u8 = 9;
    const UNKNOWN: u8 = 0xfa;

    fn begun() -> Frames {
        let mut frames = Frames::new();
        frames.received(PREFACE).unwrap();
        frames
    }

    fn frame(kind: u8, length: u8) -> Vec<u8> {
        let mut frame = vec![0, 0, length, kind, 0, 0, 0, 0, 1];
        frame.resize(HEAD + usize::from(length), kind);
        frame
    }

    #[tokio::test(start_paused = true)]
    async fn floods_are_noticed_however_their_bytes_are_cut() {
        for (kind, length) in [
            (DATA, 0),
            (DATA, 1),
            (PRIORITY, 5),
            (RST_STREAM, 4),
            (SETTINGS, 0),
            (SETTINGS, 60),
            (PING, 8),
            (WINDOW_UPDATE, 4),
            (CONTINUATION, 1),
            (UNKNOWN, 200),
        ] {
            let bytes = [PREFACE.to_vec(), frame(kind, length).repeat(2_000)].concat();
            for size in [1, 7, 9, 10, 64, 16 * 1024, bytes.len()] {
                let mut frames = Frames::new();
                let mut pieces = bytes.chunks(size);
                let noticed = pieces.any(|piece| frames.received(piece).is_err());
                assert!(noticed, "{kind} by {size}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn as_many_as_are_needed_are_let_through() {
        for kind in [PRIORITY, SETTINGS, PING, WINDOW_UPDATE] {
            let mut frames = begun();
            for _ in 0..50 {
                frames.received(&frame(kind, 8).repeat(900)).unwrap();
                tokio::time::advance(SPAN).await;
            }
            // Long quiet ones get no more at once.
            assert!(frames.received(&frame(kind, 8).repeat(3_000)).is_err());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_clients_acknowledge_is_no_flood() {
        // (bytes that are sent, acknowledgements of them)
        for (sent, acknowledged) in [(16_393, 8), (150, 2), (1_000_000, 500), (130, 2)] {
            let mut frames = begun();
            for _ in 0..20_000 {
                frames.sent(sent);
                let acknowledgements = frame(WINDOW_UPDATE, 4).repeat(acknowledged);
                frames.received(&acknowledgements).unwrap();
            }
            // What was carried before buys nothing.
            assert!(frames.received(&frame(PING, 8).repeat(2_000)).is_err());
        }
        let mut frames = begun();
        for _ in 0..20_000 {
            let upload = [frame(HEADERS, 30), frame(DATA, 200), frame(PING, 8)].concat();
            frames.received(&upload).unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn another_protocol_is_not_looked_at() {
        for other in [
            "GET / HTTP/1.1\r\n\r\n",
            "PRI * HTTP/1.1\r\n\r\n",
            "\u{16}\u{3}\u{1}",
        ] {
            let mut frames = Frames::new();
            for byte in other.bytes().chain(std::iter::repeat_n(PING, 100_000)) {
                frames.received(&[byte]).unwrap();
            }
        }
    }
}
