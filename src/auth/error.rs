//! Why somebody is not let in, or a key cannot be used.

/// Why a token or a key is not accepted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It is no token of ours: shape, algorithm, signature and issuer are not told apart.
    #[error("token is not valid here; ask for one that this gateway's key has signed")]
    Refused,
    /// It was good once.
    #[error("token has expired; ask for a new one")]
    Expired,
    /// It will be good.
    #[error("token is not valid yet")]
    NotYet,
    /// It is signed, but a claim is missing or says what this gateway does not know.
    #[error("token claim `{claim}` {reason}")]
    Claim {
        /// Name of the claim.
        claim: &'static str,
        /// What is allowed.
        reason: &'static str,
    },
    /// The key that was configured cannot be used.
    #[error("{0}")]
    Key(&'static str),
    /// Whoever signs the tokens cannot be asked for the keys now, and none is known that would do.
    #[error("the keys that tokens are signed with cannot be had now; try again later")]
    NoKeys,
}
