//! Mounts the dashboard; never holds logic of its own.

fn main() {
    frontend::start();
}
