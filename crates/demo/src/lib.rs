//! Passerelle: demo.
