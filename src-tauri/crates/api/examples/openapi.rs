//! Prints the OpenAPI document of the routes, from which the UI's types are made (`cargo xtask openapi`).
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

fn main() {
    println!("{}", watchglass_api::openapi());
}
