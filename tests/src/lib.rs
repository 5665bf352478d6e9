//! What only the whole house can prove lies in `suite`, `e2e` and `clients`; what it costs, in `bench`.
