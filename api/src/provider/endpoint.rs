//! Where a provider may be asked, for those who are not the operator.

use std::net::IpAddr;
use std::time::Duration;

use domain::egress;
use domain::provider::Endpoint;

use crate::problem::Problem;
use crate::state::App;

/// A name that is not found by then is taken as it is: whoever calls it looks again.
const LOOK: Duration = Duration::from_secs(3);

/// Where a provider is asked, refused where it is in a private network that the operator has not allowed. A name is
/// looked up for that; who calls it checks again where it leads.
pub async fn endpoint(app: &App, base_url: &str) -> Result<Endpoint, Problem> {
    let invalid = |fault: egress::UrlError| {
        Problem::invalid("/base_url", "invalid_base_url", format!("base_url {fault}"))
    };
    let url = egress::parse_base_url(base_url).map_err(invalid)?;
    let authority = egress::authority(&url).unwrap_or_default();
    // One that was found here is where the operator runs it.
    let is_local = app
        .local_servers
        .borrow()
        .iter()
        .any(|server| server.base_url == url);
    let allowed = is_local || app.settings.egress_allow.contains(&authority);
    if !allowed && (egress::is_private(&url) || leads_inside(&addresses(&url).await)) {
        return Err(blocked(&authority));
    }
    Ok(Endpoint {
        base_url: url,
        private_network: allowed,
    })
}

/// Where the name in a URL leads; nowhere where it is an address, or is not found.
async fn addresses(url: &str) -> Vec<IpAddr> {
    let Some(name) = egress::host_name(url) else {
        return vec![];
    };
    let found = tokio::time::timeout(LOOK, tokio::net::lookup_host((name, 0))).await;
    match found {
        Ok(Ok(found)) => found.map(|address| address.ip()).collect(),
        Ok(Err(_)) | Err(_) => vec![],
    }
}

/// Whether a name leads to private addresses alone.
fn leads_inside(addresses: &[IpAddr]) -> bool {
    !addresses.is_empty() && !addresses.iter().any(|address| egress::is_public(*address))
}

fn blocked(authority: &str) -> Problem {
    let detail = format!(
        "base_url lies in a private network; allow it with CONVOSPHERE_EGRESS__ALLOW={authority} (egress.allow in \
         config.toml), or add it with `convosphere providers add`"
    );
    Problem {
        code: "egress_blocked",
        ..Problem::invalid("/base_url", "egress_blocked", detail)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_leads_inside_where_none_of_its_addresses_is_public() {
        for (addresses, inside) in [
            (vec![], false),
            (vec!["10.0.0.7"], true),
            (vec!["127.0.0.1", "::1"], true),
            (vec!["10.0.0.7", "8.8.8.8"], false),
            (vec!["8.8.8.8"], false),
        ] {
            let addresses: Vec<IpAddr> =
                addresses.iter().map(|text| text.parse().unwrap()).collect();
            assert_eq!(leads_inside(&addresses), inside, "{addresses:?}");
        }
    }

    #[tokio::test]
    async fn names_are_looked_up_and_addresses_are_not() {
        assert!(leads_inside(&addresses("http://localhost:1/v1").await));
        assert!(addresses("http://127.0.0.1:1/v1").await.is_empty());
        assert!(
            addresses("http://no-such-name.invalid./v1")
                .await
                .is_empty()
        );
    }
}
