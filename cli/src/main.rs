//! The `convosphere` program: the one composition root, and the only reader of the environment.
//!
//! Reading order: [`flags`], [`commands`] (one file per command), [`config`], [`privileges`], [`installation`] (an open
//! data folder), [`listener`], [`local_server`] (the server that commands use).

#![expect(unreachable_pub, reason = "nobody uses the items of a program")]
#![cfg_attr(
    test,
    expect(
        clippy::disallowed_methods,
        reason = "tests create ids and start tasks where they need them"
    )
)]

mod client;
mod commands;
mod config;
mod data_folder;
mod failure;
mod flags;
mod installation;
mod listener;
mod local_server;
mod local_users;
mod master_key;
mod output;
mod private_files;
mod privileges;
mod progress_bar;
mod role_locks;
mod schema;
mod secret_arguments;
mod telemetry;

use std::process::ExitCode;

use clap::Parser;

use crate::commands::Arguments;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    secret_arguments::move_to_environment();
    match commands::run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            output::print_message(&format!("convosphere: {failure}"));
            failure.exit_code()
        }
    }
}
