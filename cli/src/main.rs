//! The `convosphere` program: the one composition root, and the only reader of the environment.
//!
//! Reading order: [`arguments`], [`config`], [`privileges`], [`installation`] (data on disk and in the database),
//! [`installation`] (an open data folder), [`listener`], then one file per command; [`remote`] has the commands that use a remote server.

#![expect(unreachable_pub, reason = "nobody uses the items of a program")]
#![expect(clippy::too_many_lines, reason = "settings and subcommands are lists")]
#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "tests create ids and start tasks where they need them"
    )
)]

mod api_client;
mod arguments;
mod commands;
mod config;
mod data_folder;
mod failure;
mod installation;
mod listener;
mod master_key;
mod output;
mod private_files;
mod privileges;
mod remote;
mod schema;
mod secret_arguments;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use crate::arguments::Arguments;
use crate::failure::Failure;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    secret_arguments::move_to_environment();
    let arguments = Arguments::parse().with_absolute_paths();
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::print_message(&format!("convosphere: {failure}"));
            failure.exit_code()
        }
    }
}

fn run(arguments: Arguments) -> Result<(), Failure> {
    if commands::run_without_installation(&arguments)? {
        return Ok(());
    }
    if let Some(url) = arguments.url.clone() {
        return block_on(remote::run(arguments, &url));
    }
    // Before any thread exists: the change applies to the calling thread, and later threads inherit it. Also before
    // anything in the data folder is read, because the folder may belong to another user.
    let (settings, user) = privileges::drop_privileges(&arguments)?;
    let _logging = telemetry::start(&settings, &arguments.command);
    let Arguments { command, json, .. } = arguments;
    block_on(commands::run(command, json, settings, user))
}

fn block_on(work: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::failed)?;
    let result = runtime.block_on(work);
    // A blocking read of a terminal must not delay the exit.
    runtime.shutdown_timeout(std::time::Duration::from_secs(5));
    result
}
