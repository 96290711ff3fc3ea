//! Where the server listens, and who may ask.

use crate::Error;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};

/// Whom the server answers.
#[derive(Clone, Debug)]
pub(crate) struct Access {
    /// Name that `--host` gave; none for this machine alone.
    host: Option<String>,
    /// Required of every request, where others can reach the server.
    pub(crate) token: Option<String>,
}

impl Access {
    /// This machine alone, or with a host everybody who knows a new token.
    pub(crate) fn new(host: Option<&str>) -> Result<Self, Error> {
        let token = host.map(|_| token()).transpose()?;
        Ok(Access { host: host.map(str::to_string), token })
    }

    /// Addresses to listen on.
    pub(crate) fn sockets(&self, port: u16) -> Result<Vec<SocketAddr>, Error> {
        let Some(host) = &self.host else { return Ok(vec![(Ipv4Addr::LOCALHOST, port).into()]) };
        let refuse = |error: String| Error::Listen {
            address: format!("{host}:{port}"),
            problem: format!("is no address of this machine: {error}; give one of its names or addresses, or 0.0.0.0"),
        };
        let found: Vec<SocketAddr> =
            (bare(host), port).to_socket_addrs().map_err(|error| refuse(error.to_string()))?.collect();
        if found.is_empty() { Err(refuse("it has none".to_string())) } else { Ok(found) }
    }

    /// Address for the browser, with the token.
    pub(crate) fn url(&self, bound: SocketAddr) -> String {
        let name = match bound.ip() {
            ip if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
            ip => ip,
        };
        let token = self.token.as_ref().map_or_else(String::new, |token| format!("?token={token}"));
        format!("http://{}/{token}", SocketAddr::new(name, bound.port()))
    }

    /// Whether a request names this machine in its Host header: another name is that of a page elsewhere whose name was made
    /// to point here. With a token addresses are understood too, and the name that was given. The port does not matter, so
    /// that tunnels work.
    pub(crate) fn knows_host(&self, header: &str) -> bool {
        let Some(name) = name_of(header) else { return false };
        if name.eq_ignore_ascii_case("localhost") {
            return true;
        }
        match (bare(name).parse::<IpAddr>(), &self.host) {
            (Ok(ip), None) => ip.is_loopback(),
            (Ok(_), Some(_)) => true,
            (Err(_), Some(host)) => host.eq_ignore_ascii_case(name),
            (Err(_), None) => false,
        }
    }

    /// Whether the server answers those who say this.
    pub(crate) fn knows_token(&self, given: Option<&str>) -> bool {
        let Some(token) = &self.token else { return true };
        let given = given.unwrap_or_default();
        // the time that it takes tells nothing of the token
        let differs = token.bytes().zip(given.bytes()).fold(0, |differs, (a, b)| differs | (a ^ b));
        given.len() == token.len() && differs == 0
    }
}

/// The host of a Host header, without its port.
fn name_of(header: &str) -> Option<&str> {
    let end = if header.starts_with('[') { header.find(']')? + 1 } else { header.find(':').unwrap_or(header.len()) };
    let (name, port) = header.split_at(end);
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    (port.is_empty() || port.strip_prefix(':').is_some_and(is_port)).then_some(name).filter(|name| !name.is_empty())
}

/// An address without the brackets of version 6.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// 128 random bits as hexadecimal digits.
fn token() -> Result<String, Error> {
    let mut bytes = [0u8; 16];
    let refuse = |error| Error::Internal(format!("this machine has no random numbers for a token: {error}"));
    getrandom::fill(&mut bytes).map_err(refuse)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_knows_itself_alone() {
        let access = Access::new(None).unwrap();
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:9000", "127.1.2.3", "[::1]:9000", "[::1]"] {
            assert!(access.knows_host(host), "{host}");
        }
        for host in
            ["", ":80", "evil.example", "localhost.evil.example", "10.0.0.1", "[::2]", "localhost:x", "[::1", "0.0.0.0"]
        {
            assert!(!access.knows_host(host), "{host}");
        }
        assert!(access.knows_token(None));
        assert!(access.sockets(0).unwrap().iter().all(|socket| socket.ip().is_loopback()));
    }

    #[test]
    fn a_host_needs_its_token() {
        let access = Access::new(Some("0.0.0.0")).unwrap();
        let token = access.token.clone().unwrap();
        assert_ne!(Access::new(Some("0.0.0.0")).unwrap().token.unwrap(), token);
        assert!(token.len() == 32 && access.knows_token(Some(&token)));
        for given in [None, Some(""), Some("0"), Some(&token[1..]), Some(&format!("{token}0"))] {
            assert!(!access.knows_token(given), "{given:?}");
        }
        assert!(access.knows_host("10.0.0.1:8000") && !access.knows_host("evil.example"));
        assert!(Access::new(Some("snn.lan")).unwrap().knows_host("SNN.lan:8000"));
        let url = access.url("0.0.0.0:8000".parse().unwrap());
        assert_eq!(url, format!("http://127.0.0.1:8000/?token={token}"));
    }
}
