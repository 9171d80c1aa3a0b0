//! Commands of the installation. The caller authorises: only administrators and workers may send them.

#[derive(Debug, Clone, PartialEq)]
pub enum InstallationCommand {
    /// An administrator's choice. `None` lets the next model that is found to work become the default.
    ChooseDefaultModel { model: Option<String> },
    /// A model that works; it becomes the default if there is none.
    OfferDefaultModel { model: String },
}
