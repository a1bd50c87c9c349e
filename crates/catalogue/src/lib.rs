//! Passerelle: catalogue.
