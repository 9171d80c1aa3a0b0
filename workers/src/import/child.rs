//! Runs the process that reads an import: killed when it takes too long, read frame by frame, and not trusted.

use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, ChildStdout};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::read::LIMITS;
use super::wire::{FRAME_LIMIT, Frame};
use super::{ImportError, unreadable_error};
use crate::confined;

/// How long the process may be silent: between two frames it reads at most one conversation.
const IDLE_TIMEOUT: Duration = Duration::from_mins(5);

pub(super) struct Reader {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    stderr: Option<JoinHandle<String>>,
    runtime: Handle,
    /// Closed when the import is cancelled.
    cancellation: watch::Receiver<()>,
}

impl Reader {
    /// Must be called within the runtime; the other methods outside of it.
    pub(super) fn start(
        program: &Path,
        cancellation: watch::Receiver<()>,
    ) -> std::io::Result<Self> {
        let mut child = confined::reader_command(program, &["read-import"]).spawn()?;
        let (Some(input), Some(output), Some(stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(std::io::Error::other("no pipes"));
        };
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the process, and is awaited"
        )]
        let stderr = tokio::spawn(confined::read_stderr(stderr));
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
            stderr: Some(stderr),
            runtime: Handle::current(),
            cancellation,
        })
    }

    /// The next frame from the process.
    pub(super) fn next_frame(&mut self) -> Result<Frame, ImportError> {
        let runtime = self.runtime.clone();
        let frame = runtime.block_on(async {
            tokio::select! {
                frame = read_frame(&mut self.output) => Ok(frame),
                _ = self.cancellation.changed() => Err(ImportError::Cancelled),
                () = tokio::time::sleep(IDLE_TIMEOUT) => Err(took_too_long()),
            }
        })?;
        match frame {
            Ok((kind, bytes)) => {
                Frame::parse(kind, bytes).map_err(|error| unreadable_error(&error))
            }
            Err(_) => Err(runtime.block_on(self.explain_exit())),
        }
    }

    pub(super) fn respond(&mut self, bytes: &[u8]) -> Result<(), ImportError> {
        let runtime = self.runtime.clone();
        let length = u32::try_from(bytes.len()).unwrap_or(0).to_le_bytes();
        let result = runtime.block_on(async {
            self.input.write_all(&length).await?;
            self.input.write_all(bytes).await?;
            self.input.flush().await
        });
        result.map_err(|_| runtime.block_on(self.explain_exit()))
    }

    /// Why the process exited early.
    async fn explain_exit(&mut self) -> ImportError {
        let status = tokio::time::timeout(IDLE_TIMEOUT, self.child.wait()).await;
        let Ok(Ok(status)) = status else {
            return took_too_long();
        };
        let stderr = match self.stderr.take() {
            Some(stderr) => stderr.await.unwrap_or_default(),
            None => String::new(),
        };
        let last_line = stderr.lines().last().unwrap_or_default();
        tracing::warn!(%status, stderr = last_line, "the reader of an import exited early");
        if confined::ran_out_of_memory(&stderr) {
            let limit = LIMITS.memory / (1024 * 1024);
            return ImportError::Unreadable(format!(
                "the file could not be read: decompressed, it takes more than {limit} MiB of memory"
            ));
        }
        match confined::ran_out_of_time(status) {
            true => took_too_long(),
            false => unreadable_error(&"it is damaged"),
        }
    }
}

async fn read_frame(output: &mut BufReader<ChildStdout>) -> std::io::Result<(u8, Vec<u8>)> {
    let kind = output.read_u8().await?;
    let length = output.read_u32_le().await?;
    if length > FRAME_LIMIT {
        return Err(std::io::Error::other("a frame is too long"));
    }
    let mut bytes = vec![0; usize::try_from(length).map_err(std::io::Error::other)?];
    output.read_exact(&mut bytes).await?;
    Ok((kind, bytes))
}

fn took_too_long() -> ImportError {
    ImportError::Unreadable(format!(
        "the file could not be read: it takes more than {} seconds of processor time; split it and import the parts",
        LIMITS.seconds
    ))
}
