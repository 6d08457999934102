//! Names into addresses that may be connected to: what is connected to is what was checked.

use std::net::SocketAddr;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::error::EgressError;
use super::policy::Reach;

/// Resolves names for a client.
#[derive(Debug)]
pub(super) struct Checked {
    /// Which addresses may be connected to.
    pub(super) reach: Reach,
    /// The name in a certificate, and the host that it stands for in this client's requests.
    pub(super) stands_for: Option<(String, String)>,
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach.clone();
        let host = match &self.stands_for {
            Some((server_name, host)) if server_name == name.as_str() => host.clone(),
            _ => name.as_str().to_owned(),
        };
        Box::pin(async move {
            let addresses = addresses(&reach, &host).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// The addresses of a host that may be connected to; an error when there is none.
pub(super) async fn addresses(reach: &Reach, host: &str) -> Result<Vec<SocketAddr>, EgressError> {
    // The port is the caller's affair.
    let found = tokio::net::lookup_host((host, 0)).await;
    let found = found.map_err(|error| EgressError::NoAddress {
        host: host.to_owned(),
        reason: error.to_string(),
    })?;
    let (mut good, mut refused) = (Vec::<SocketAddr>::new(), None);
    for address in found {
        match reach.check(host, address.ip()) {
            Ok(()) => good.push(address),
            Err(error) => refused = Some(error),
        }
    }
    match refused {
        Some(error) if good.is_empty() => Err(error),
        _ => Ok(good),
    }
}
