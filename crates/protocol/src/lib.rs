//! Passerelle: protocol.
