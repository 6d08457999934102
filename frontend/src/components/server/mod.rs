//! The pieces of a server's page, one a file; never a request of their own but for what they show.

pub mod alerts_panel;
pub mod charts;
pub mod disks;
pub mod head;
pub mod monitoring;
pub mod process_order;
pub mod processes;
pub mod range_picker;
pub mod temperatures;
