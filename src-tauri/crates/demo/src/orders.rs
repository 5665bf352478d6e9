//! The order database: SQLite in memory, behind a blocking thread. No telemetry here.

use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::{Connection, params};
use tokio::task;

use crate::catalog::{Cart, total_cents};

/// The statement that begins an order; the span of the write shows it.
pub(crate) const INSERT_ORDER: &str = "INSERT INTO orders (id, customer_id, currency, total_cents, status) \
     VALUES (?1, ?2, ?3, ?4, 'pending')";
const INSERT_LINE: &str =
    "INSERT INTO order_lines (order_id, product, quantity, price_cents) VALUES (?1, ?2, ?3, ?4)";
/// The statement that settles an order.
pub(crate) const UPDATE_ORDER: &str = "UPDATE orders SET status = ?2 WHERE id = ?1";
const SCHEMA: &str = "
    CREATE TABLE orders (
        id TEXT PRIMARY KEY,
        customer_id TEXT NOT NULL,
        currency TEXT NOT NULL,
        total_cents INTEGER NOT NULL,
        status TEXT NOT NULL
    ) STRICT;
    CREATE TABLE order_lines (
        order_id TEXT NOT NULL REFERENCES orders (id),
        product TEXT NOT NULL,
        quantity INTEGER NOT NULL,
        price_cents INTEGER NOT NULL
    ) STRICT;
    -- The demo may run for days: it keeps its latest orders only.
    CREATE TRIGGER forget AFTER INSERT ON orders BEGIN
        DELETE FROM order_lines WHERE order_id IN (SELECT id FROM orders WHERE rowid <= new.rowid - 10000);
        DELETE FROM orders WHERE rowid <= new.rowid - 10000;
    END;
";

/// The orders of the shop.
#[derive(Debug, Clone)]
pub(crate) struct Orders(Arc<Mutex<Connection>>);

/// Why an order was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum WriteError {
    #[error("Database deadlock conflict during write")]
    Deadlock,
    #[error("the order database failed")]
    Sql(#[from] rusqlite::Error),
    #[error("the thread of the order database died")]
    Thread(#[from] task::JoinError),
}

/// How a write meets the others that go on at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contention {
    None,
    /// Another transaction holds what this one wants, and the other way round; this one gives way.
    Deadlock,
}

/// Where an order is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrderStatus {
    Paid,
    Rejected,
}

impl Orders {
    pub(crate) fn open() -> Result<Self, rusqlite::Error> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Writes a pending order with its lines, in one transaction.
    pub(crate) async fn create(
        &self,
        order_id: &str,
        cart: &Cart,
        contention: Contention,
    ) -> Result<(), WriteError> {
        let (orders, order_id, cart) = (self.clone(), order_id.to_owned(), cart.clone());
        task::spawn_blocking(move || orders.insert(&order_id, &cart, contention)).await?
    }

    pub(crate) async fn settle(
        &self,
        order_id: &str,
        status: OrderStatus,
    ) -> Result<(), WriteError> {
        let (orders, order_id) = (self.clone(), order_id.to_owned());
        task::spawn_blocking(move || {
            orders.0.lock().execute(UPDATE_ORDER, params![order_id, status.name()])?;
            Ok(())
        })
        .await?
    }

    fn insert(
        &self,
        order_id: &str,
        cart: &Cart,
        contention: Contention,
    ) -> Result<(), WriteError> {
        let mut connection = self.0.lock();
        let transaction = connection.transaction()?;
        let total = total_cents(&cart.lines);
        let order = params![order_id, cart.customer.id, cart.currency.code(), total];
        transaction.execute(INSERT_ORDER, order)?;
        for line in &cart.lines {
            let (product, price) = (line.product.name(), line.product.price_cents());
            transaction.execute(INSERT_LINE, params![order_id, product, line.quantity, price])?;
        }
        if contention == Contention::Deadlock {
            // Dropping the transaction rolls it back, as a database does with the one that gives way.
            return Err(WriteError::Deadlock);
        }
        transaction.commit()?;
        Ok(())
    }

    #[cfg(test)]
    fn status(&self, order_id: &str) -> Option<String> {
        let sql = "SELECT status FROM orders WHERE id = ?1";
        self.0.lock().query_one(sql, [order_id], |row| row.get(0)).ok()
    }
}

impl OrderStatus {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Rejected => "rejected",
        }
    }
}

impl WriteError {
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Deadlock => "DeadlockConflict",
            Self::Sql(_) => "DatabaseError",
            Self::Thread(_) => "ThreadError",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Currency, Customer, Line, Product, Tier};

    fn cart() -> Cart {
        Cart {
            customer: Customer { id: "c-1".to_owned(), tier: Tier::Gold },
            currency: Currency::Eur,
            lines: vec![Line { product: Product::Book, quantity: 2 }],
        }
    }

    #[tokio::test]
    async fn an_order_is_pending_until_it_is_settled() {
        let orders = Orders::open().unwrap();
        orders.create("o-1", &cart(), Contention::None).await.unwrap();
        assert_eq!(orders.status("o-1").as_deref(), Some("pending"));
        orders.settle("o-1", OrderStatus::Paid).await.unwrap();
        assert_eq!(orders.status("o-1").as_deref(), Some("paid"));
    }

    #[tokio::test]
    async fn a_deadlocked_order_leaves_nothing_behind() {
        let orders = Orders::open().unwrap();
        let error = orders.create("o-1", &cart(), Contention::Deadlock).await.unwrap_err();
        assert_eq!(error.to_string(), "Database deadlock conflict during write");
        assert_eq!(orders.status("o-1"), None);
    }
}
