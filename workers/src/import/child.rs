//! Runs the process that reads an import: killed when it takes too long, read frame by frame, and not trusted.

use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::read::LIMITS;
use super::wire::{FRAME, Frame};
use super::{Stop, unreadable};
use crate::confined;

/// How long the process may be silent: between two frames it reads at most one conversation.
const SILENCE: Duration = Duration::from_mins(5);

pub(super) struct Reader {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    complaint: Option<JoinHandle<String>>,
    runtime: Handle,
    /// Closed when the import is cancelled.
    awaited: watch::Receiver<()>,
}

impl Reader {
    /// Must be called within the runtime; the other methods outside of it.
    pub fn start(program: &Path, awaited: watch::Receiver<()>) -> std::io::Result<Self> {
        let mut child = confined::reader(program, &["read-import"]).spawn()?;
        let (Some(input), Some(output), Some(complaint)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(std::io::Error::other("no pipes"));
        };
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
            complaint: Some(tokio::spawn(confined::complaint(complaint))),
            runtime: Handle::current(),
            awaited,
        })
    }

    /// The next frame from the process.
    pub fn next(&mut self) -> Result<Frame, Stop> {
        let runtime = self.runtime.clone();
        let heard = runtime.block_on(async {
            tokio::select! {
                heard = frame(&mut self.output) => Ok(heard),
                _ = self.awaited.changed() => Err(Stop::Cancelled),
                () = tokio::time::sleep(SILENCE) => Err(took_too_long()),
            }
        })?;
        match heard {
            Ok((kind, bytes)) => Frame::parse(kind, bytes).map_err(|error| unreadable(&error)),
            Err(_) => Err(runtime.block_on(self.died())),
        }
    }

    pub fn answer(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        let runtime = self.runtime.clone();
        let length = u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes();
        let told = runtime.block_on(async {
            self.input.write_all(&length).await?;
            self.input.write_all(bytes).await?;
            self.input.flush().await
        });
        told.map_err(|_| runtime.block_on(self.died()))
    }

    /// Why the process exited early.
    async fn died(&mut self) -> Stop {
        let ended = tokio::time::timeout(SILENCE, self.child.wait()).await;
        let Ok(Ok(status)) = ended else {
            return took_too_long();
        };
        let complaint = match self.complaint.take() {
            Some(complaint) => complaint.await.unwrap_or_default(),
            None => String::new(),
        };
        let last = complaint.lines().last().unwrap_or_default();
        tracing::warn!(%status, complaint = last, "the reader of an import died");
        if confined::ran_out_of_memory(&complaint) {
            let limit = LIMITS.memory / (1024 * 1024);
            return Stop::Unreadable(format!(
                "the file could not be read: what it unpacks to takes more than {limit} MiB of memory"
            ));
        }
        match confined::ran_out_of_time(status) {
            true => took_too_long(),
            false => unreadable(&"its structure is broken"),
        }
    }
}

async fn frame(output: &mut BufReader<ChildStdout>) -> std::io::Result<(u8, Vec<u8>)> {
    let kind = output.read_u8().await?;
    let length = output.read_u32_le().await?;
    if length > FRAME {
        return Err(std::io::Error::other("a frame is too long"));
    }
    let mut bytes = vec![0; usize::try_from(length).map_err(std::io::Error::other)?];
    output.read_exact(&mut bytes).await?;
    Ok((kind, bytes))
}

fn took_too_long() -> Stop {
    Stop::Unreadable(format!(
        "the file could not be read: it takes more than {} seconds of processor time; split it and import the parts",
        LIMITS.seconds
    ))
}
