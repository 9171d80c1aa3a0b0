//! The settings of the HTTP interface.

use std::path::PathBuf;

use super::Settings;

impl Settings {
    pub fn http(&self) -> api::Settings {
        api::Settings {
            registration: self.server.registration,
            limits: self.limits,
            // An exposed server has a proxy that terminates TLS; a server on loopback has no TLS.
            secure_cookies: self.server.is_exposed(),
            trusted_proxies: self.server.trusted_proxies.clone(),
            hosts: self.server.hosts.clone(),
            default_model: self.default_model.clone(),
            egress_allow: self.egress_allow.clone(),
            chat_command: self.chat_command(),
            web_client: api::pages::client::is_built_in(),
            max_file: self.max_file,
            file_quota: self.file_quota,
            backups: self.backups.clone(),
            backup_every: self.backup_every,
        }
    }

    /// The command that starts a chat in the terminal.
    pub fn chat_command(&self) -> String {
        let program = program_path();
        let command = format!("{} chat \"Where is my data stored?\"", program.display());
        match self.data_dir_is_set {
            true => format!("{command} --data-dir {}", self.data_dir.display()),
            false => command,
        }
    }
}

/// This program.
pub fn program_path() -> PathBuf {
    std::env::current_exe().unwrap_or_else(|_| PathBuf::from("convosphere"))
}
