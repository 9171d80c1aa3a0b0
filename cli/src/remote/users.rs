//! `convosphere users --url`

use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::api_client::{ApiClient, text_field};
use crate::arguments::Users;
use crate::commands::users::{confirm, read_password, show};
use crate::failure::Failure;
use crate::output;

const PATH: &str = "/api/v1/users";

pub async fn run(server: &ApiClient, command: Users, json: bool) -> Result<(), Failure> {
    match command {
        Users::List => {
            for user in server.list(PATH).await? {
                show(&user, json);
            }
        }
        Users::Show { user } => show(&find(server, &user).await?, json),
        Users::Create {
            email,
            name,
            role,
            password_stdin: _,
        } => {
            let account = json!({
                "email": email, "display_name": name, "role": role, "password": read_password()?,
            });
            show(&server.post(PATH, Some(account)).await?, json);
        }
        Users::Update { user, role } => change(server, &user, json!({"role": role}), json).await?,
        Users::Suspend { user } => {
            change(server, &user, json!({"suspended": true}), json).await?;
        }
        Users::Reactivate { user } => {
            change(server, &user, json!({"suspended": false}), json).await?;
        }
        Users::Delete { user, yes } => erase(server, &user, yes).await?,
        Users::SetPassword { .. } => {
            return Err(Failure::Usage(
                "`users set-password` does not support --url; run it on the machine of the installation"
                    .to_owned(),
            ));
        }
    }
    Ok(())
}

async fn find(server: &ApiClient, name: &str) -> Result<Value, Failure> {
    if let Ok(id) = Uuid::parse_str(name) {
        return server.get(&format!("{PATH}/{id}")).await;
    }
    let users = server.list(PATH).await?;
    let wanted = domain::text::normalise_email(name);
    users
        .into_iter()
        .find(|user| domain::text::normalise_email(text_field(user, "email")) == wanted)
        .ok_or_else(|| Failure::NotFound(format!("there is no user {name}")))
}

async fn change(server: &ApiClient, name: &str, change: Value, json: bool) -> Result<(), Failure> {
    let path = format!("{PATH}/{}", text_field(&find(server, name).await?, "id"));
    let changed = server.call(Method::PATCH, &path, Some(change)).await?;
    show(&changed.json().await.map_err(Failure::failed)?, json);
    Ok(())
}

async fn erase(server: &ApiClient, name: &str, yes: bool) -> Result<(), Failure> {
    let user = find(server, name).await?;
    let id = text_field(&user, "id");
    confirm(user["email"].as_str().unwrap_or(id), yes)?;
    let response = server
        .call(Method::DELETE, &format!("{PATH}/{id}"), None)
        .await?;
    server
        .wait_for_job(&response.json().await.map_err(Failure::failed)?)
        .await?;
    output::print_message("the user is erased");
    Ok(())
}
