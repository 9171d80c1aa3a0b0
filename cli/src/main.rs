//! The `convosphere` program: the one composition root, and the only reader of the environment.
//!
//! Reading order: [`arguments`], [`config`], [`privileges`], [`installation`] (what lies on disk and in the database),
//! [`roles`] (what runs), then one file per command; [`remote`] holds what they do on a server elsewhere.

mod arguments;
mod commands;
mod config;
mod disclosed;
mod failure;
mod installation;
mod known;
mod master_key;
mod output;
mod private;
mod privileges;
mod remote;
mod roles;
mod schema;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::failure::Failure;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    disclosed::hide();
    let arguments = Arguments::parse().with_whole_paths();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::talk(&format!("convosphere: {failure}"));
            failure.exit_code()
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    if commands::without_installation(&arguments)? {
        return Ok(());
    }
    if let Some(url) = arguments.url.clone() {
        return wait_for(remote::run(arguments, &url));
    }
    // Before any thread exists: the change is one of the calling thread, and later ones inherit it. And before anything
    // in the data folder is looked at: it belongs to somebody else.
    let (settings, user) = privileges::give_up_root(&arguments)?;
    let _logging = telemetry::start(&settings, &arguments.command);
    let Arguments { command, json, .. } = arguments;
    wait_for(commands::run(command, json, settings, user))
}

fn wait_for(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::failed)?;
    let result = runtime.block_on(work);
    // Blocking reads of a terminal must not hold the end back.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    result
}
