//! Detects floods of HTTP/2 frames and closes such connections.
//!
//! Only frame headers are inspected (RFC 9113, section 4.1). Frames that request nothing (`PING`, `SETTINGS`,
//! `PRIORITY`, `WINDOW_UPDATE`, `RST_STREAM`, empty `DATA`, unknown types) are weighed against the other traffic of the
//! connection, because clients acknowledge what they read.

use std::io;
use std::time::Duration;

use tokio::time::Instant;

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const HEAD: usize = 9;
const DATA: u8 = 0;
const HEADERS: u8 = 1;
/// Free frames that a client may send in a period of time.
const MAX_FRAMES: u64 = 1_000;
const SPAN: Duration = Duration::from_secs(10);
/// Bytes, sent or received, that pay for one frame. Low enough that a client may acknowledge each short event twice.
const FRAME_COST: u64 = 64;

/// Meters the frames that a client sends on one connection.
#[derive(Debug)]
pub(super) struct FrameMeter {
    stage: Stage,
    /// Unpaid cost in bytes.
    debt: u64,
    since: Instant,
}

#[derive(Debug)]
enum Stage {
    /// The rest of the preface that is still expected.
    Preface(&'static [u8]),
    /// Not HTTP/2.
    Other,
    /// A frame header, and how many bytes of it have arrived.
    Head([u8; HEAD], usize),
    /// The number of payload bytes that are still expected.
    Payload(usize),
}

impl FrameMeter {
    pub(super) fn new() -> Self {
        Self {
            stage: Stage::Preface(PREFACE),
            debt: 0,
            since: Instant::now(),
        }
    }

    /// Inspects received bytes. Fails if they are part of a flood.
    pub(super) fn record_received(&mut self, mut bytes: &[u8]) -> io::Result<()> {
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
                Stage::Head(head, filled) => {
                    let (part, rest) = bytes.split_at(bytes.len().min(HEAD - *filled));
                    for (place, byte) in head.iter_mut().skip(*filled).zip(part) {
                        *place = *byte;
                    }
                    *filled += part.len();
                    bytes = rest;
                    if *filled == HEAD {
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

    /// Counts bytes that were sent to the client, which pay for frames.
    pub(super) fn record_sent(&mut self, bytes: usize) {
        self.debt = self.debt.saturating_sub(bytes as u64);
    }

    fn count(&mut self, kind: u8, length: u64) -> io::Result<()> {
        match kind {
            // Requests are limited elsewhere.
            HEADERS => return Ok(()),
            DATA => self.debt = (self.debt + FRAME_COST).saturating_sub(length),
            _ => self.debt += FRAME_COST,
        }
        if self.debt <= MAX_FRAMES * FRAME_COST {
            return Ok(());
        }
        if self.since.elapsed() < SPAN {
            tracing::info!("closed a connection: the client floods it with HTTP/2 frames");
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

    fn started() -> FrameMeter {
        let mut frames = FrameMeter::new();
        frames.record_received(PREFACE).unwrap();
        frames
    }

    fn frame(kind: u8, length: u8) -> Vec<u8> {
        let mut frame = vec![0, 0, length, kind, 0, 0, 0, 0, 1];
        frame.resize(HEAD + usize::from(length), kind);
        frame
    }

    #[tokio::test(start_paused = true)]
    async fn floods_are_detected_however_their_bytes_are_split() {
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
                let mut frames = FrameMeter::new();
                let mut chunks = bytes.chunks(size);
                let detected = chunks.any(|chunk| frames.record_received(chunk).is_err());
                assert!(detected, "{kind} by {size}");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_normal_number_of_frames_is_allowed() {
        for kind in [PRIORITY, SETTINGS, PING, WINDOW_UPDATE] {
            let mut frames = started();
            for _ in 0..50 {
                frames.record_received(&frame(kind, 8).repeat(900)).unwrap();
                tokio::time::advance(SPAN).await;
            }
            // A long quiet period does not allow a larger burst.
            assert!(
                frames
                    .record_received(&frame(kind, 8).repeat(3_000))
                    .is_err()
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn acknowledgements_are_no_flood() {
        // (sent bytes, acknowledgements)
        for (sent, acknowledged) in [(16_393, 8), (150, 2), (1_000_000, 500), (130, 2)] {
            let mut frames = started();
            for _ in 0..20_000 {
                frames.record_sent(sent);
                let acknowledgements = frame(WINDOW_UPDATE, 4).repeat(acknowledged);
                frames.record_received(&acknowledgements).unwrap();
            }
            // Earlier traffic does not pay for later floods.
            assert!(
                frames
                    .record_received(&frame(PING, 8).repeat(2_000))
                    .is_err()
            );
        }
        let mut frames = started();
        for _ in 0..20_000 {
            let upload = [frame(HEADERS, 30), frame(DATA, 200), frame(PING, 8)].concat();
            frames.record_received(&upload).unwrap();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn other_protocols_are_ignored() {
        for other in [
            "GET / HTTP/1.1\r\n\r\n",
            "PRI * HTTP/1.1\r\n\r\n",
            "\u{16}\u{3}\u{1}",
        ] {
            let mut frames = FrameMeter::new();
            for byte in other.bytes().chain(std::iter::repeat_n(PING, 100_000)) {
                frames.record_received(&[byte]).unwrap();
            }
        }
    }
}
