//! What messages say by people's own templates; never where they go.

mod book;
mod context;
mod parts;
mod sandbox;
mod subset;

pub use book::{TemplateBook, TemplateError};

pub(super) use parts::render;
