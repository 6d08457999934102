//! What stands around every page: navigation, top bar, connection; never a page's content.

pub mod attention;
pub mod bell;
pub mod connection;
pub mod favicon;
pub mod keys;
pub mod rail;
pub mod shell;
pub mod top_bar;
pub mod user_menu;

pub use rail::Logo;
pub use shell::Shell;
