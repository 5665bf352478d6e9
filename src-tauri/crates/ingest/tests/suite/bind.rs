//! Ports that are taken.

use watchglass_ingest::{BindError, Listeners, holder_of};

#[tokio::test]
async fn a_taken_port_names_its_holder() {
    let free = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let held = Listeners::bind(free).await.unwrap();
    let error = Listeners::bind(held.address).await.unwrap_err();
    let BindError::Taken { address, holder } = &error else { panic!("{error}") };
    assert_eq!(*address, held.address);
    if cfg!(target_os = "linux") {
        let holder = holder.as_deref().unwrap();
        assert!(holder.ends_with(&format!("(pid {})", std::process::id())), "{holder}");
        assert_eq!(error.to_string(), format!("{address} is taken by {holder}"));
    }
    drop(held);
    assert_eq!(holder_of(address.port()), None);
}
