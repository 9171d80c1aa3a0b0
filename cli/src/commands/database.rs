//! `convosphere database`

use eventstore::chain::hex;

use crate::arguments::Database;
use crate::failure::Failure;
use crate::installation::Installation;
use crate::output;

pub async fn run(
    installation: &Installation,
    command: &Database,
    json: bool,
) -> Result<(), Failure> {
    match command {
        // Opening has done it.
        Database::Migrate => {
            output::talk("the schema is up to date");
            Ok(())
        }
        Database::Status => status(installation, json).await,
    }
}

async fn status(installation: &Installation, json: bool) -> Result<(), Failure> {
    let (position, hash) = installation.log.head(&installation.pool).await?;
    let hash = hex(&hash);
    let database = installation.database();
    if json {
        let status = serde_json::json!({
            "database": database, "url": installation.private_url(), "log_id": installation.log.id, "position": position, "hash": hash,
        });
        output::data(&status.to_string());
    } else {
        output::data(&format!("database  {database}"));
        output::data(&format!("log       {}", installation.log.id));
        output::data(&format!("position  {position}"));
        output::data(&format!("hash      {hash}"));
    }
    Ok(())
}
