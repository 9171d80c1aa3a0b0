//! Checks the address of a provider against the private networks that the operator allows.

use std::net::IpAddr;
use std::time::Duration;

use domain::egress;
use domain::provider::Endpoint;

use crate::http::{Ctx, Problem};

/// Time limit of a name lookup. A name that is not found in time is accepted, because every call checks it again.
const LOOKUP_LIMIT: Duration = Duration::from_secs(3);

/// Parses and checks the address of a provider. Fails if it is in a private network that the operator has not allowed.
/// Host names are resolved for that, and again at every call. An address that the operator gives is allowed.
pub(super) async fn resolve_endpoint(ctx: &Ctx, base_url: &str) -> Result<Endpoint, Problem> {
    let invalid = |fault: egress::UrlError| {
        Problem::invalid("/base_url", "invalid_base_url", format!("base_url {fault}"))
    };
    let url = egress::parse_base_url(base_url).map_err(invalid)?;
    let authority = egress::authority(&url).unwrap_or_default();
    // The operator runs the servers that were found on this machine.
    let is_local = ctx
        .local_servers
        .borrow()
        .iter()
        .any(|server| server.base_url == url);
    let allowed =
        is_local || ctx.caller.operator.is_some() || ctx.settings.egress_allow.contains(&authority);
    if !allowed && (egress::is_private(&url) || all_private(&addresses(&url).await)) {
        return Err(blocked(&authority));
    }
    Ok(Endpoint {
        base_url: url,
        private_network: allowed,
    })
}

/// The addresses of the host name in a URL; none if it is an IP address or is not found.
async fn addresses(url: &str) -> Vec<IpAddr> {
    let Some(name) = egress::host_name(url) else {
        return vec![];
    };
    let found = tokio::time::timeout(LOOKUP_LIMIT, tokio::net::lookup_host((name, 0))).await;
    match found {
        Ok(Ok(found)) => found.map(|address| address.ip()).collect(),
        Ok(Err(_)) | Err(_) => vec![],
    }
}

/// Whether a name resolves only to private addresses.
fn all_private(addresses: &[IpAddr]) -> bool {
    !addresses.is_empty() && !addresses.iter().any(|address| egress::is_public(*address))
}

fn blocked(authority: &str) -> Problem {
    let detail = format!(
        "base_url is in a private network; allow it with CONVOSPHERE_EGRESS__ALLOW={authority} (egress.allow in \
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
    fn a_name_is_private_if_none_of_its_addresses_is_public() {
        for (addresses, inside) in [
            (vec![], false),
            (vec!["10.0.0.7"], true),
            (vec!["127.0.0.1", "::1"], true),
            (vec!["10.0.0.7", "8.8.8.8"], false),
            (vec!["8.8.8.8"], false),
        ] {
            let addresses: Vec<IpAddr> =
                addresses.iter().map(|text| text.parse().unwrap()).collect();
            assert_eq!(all_private(&addresses), inside, "{addresses:?}");
        }
    }

    #[tokio::test]
    async fn names_are_resolved_and_addresses_are_not() {
        assert!(all_private(&addresses("http://localhost:1/v1").await));
        assert!(addresses("http://127.0.0.1:1/v1").await.is_empty());
        assert!(
            addresses("http://no-such-name.invalid./v1")
                .await
                .is_empty()
        );
    }
}
