//! Rebuilds the server when the dashboard or a migration changed; never builds the dashboard.

fn main() -> std::io::Result<()> {
    std::fs::create_dir_all("../dist")?;
    println!("cargo::rerun-if-changed=build.rs");
    // The macro that embeds migrations does not notice new ones.
    println!("cargo::rerun-if-changed=migrations");
    // A debug build reads the folder while it runs.
    if std::env::var_os("PROFILE").is_some_and(|profile| profile == "release") {
        println!("cargo::rerun-if-changed=../dist");
    }
    Ok(())
}
