//! What may be asked of the installation. Who may ask is decided before: administrators, and the workers themselves.

#[derive(Debug, Clone, PartialEq)]
pub enum InstallationCommand {
    /// An administrator's choice; nothing leaves it to the providers that come.
    ChooseDefaultModel { model: Option<String> },
    /// A model that has turned out to be there. It becomes the default where there is none.
    OfferDefaultModel { model: String },
}
