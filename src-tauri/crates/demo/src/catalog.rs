//! What the shop sells, and the JSON that its services exchange.

use serde::{Deserialize, Serialize};

/// Something the shop sells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Product {
    Smartphone,
    Laptop,
    Headphones,
    Book,
    Camera,
    Charger,
}

/// One product of an order and how many of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) product: Product,
    pub(crate) quantity: u32,
}

/// How well the shop treats a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Tier {
    Bronze,
    Silver,
    Gold,
}

/// The money a customer pays with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Currency {
    Eur,
    Usd,
    Gbp,
}

/// Who buys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Customer {
    pub(crate) id: String,
    pub(crate) tier: Tier,
}

/// The body of `POST /checkout`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cart {
    pub(crate) customer: Customer,
    pub(crate) currency: Currency,
    pub(crate) lines: Vec<Line>,
}

/// The answer to a checkout that went well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Receipt {
    pub(crate) order_id: String,
    pub(crate) total_cents: i64,
    pub(crate) currency: Currency,
}

/// The body of `POST /inventory/deduct`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Deduction {
    pub(crate) order_id: String,
    pub(crate) lines: Vec<Line>,
}

/// The body of `POST /payments`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub(crate) order_id: String,
    pub(crate) customer_id: String,
    pub(crate) amount_cents: i64,
    pub(crate) currency: Currency,
}

/// The answer to every request that did not go well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) error: String,
    pub(crate) reason: String,
}

impl Product {
    pub(crate) const ALL: [Self; 6] =
        [Self::Smartphone, Self::Laptop, Self::Headphones, Self::Book, Self::Camera, Self::Charger];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Smartphone => "smartphone",
            Self::Laptop => "laptop",
            Self::Headphones => "headphones",
            Self::Book => "book",
            Self::Camera => "camera",
            Self::Charger => "charger",
        }
    }

    pub(crate) fn price_cents(self) -> i64 {
        match self {
            Self::Smartphone => 69_900,
            Self::Laptop => 129_900,
            Self::Headphones => 17_900,
            Self::Book => 1_950,
            Self::Camera => 54_900,
            Self::Charger => 2_490,
        }
    }
}

impl Tier {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Bronze => "bronze",
            Self::Silver => "silver",
            Self::Gold => "gold",
        }
    }
}

impl Currency {
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Eur => "EUR",
            Self::Usd => "USD",
            Self::Gbp => "GBP",
        }
    }
}

/// How many pieces of a product an order has on all its lines together.
pub(crate) fn quantity_of(lines: &[Line], product: Product) -> u32 {
    lines.iter().filter(|line| line.product == product).map(|line| line.quantity).sum()
}

/// How many pieces an order has.
pub(crate) fn pieces(lines: &[Line]) -> u32 {
    lines.iter().map(|line| line.quantity).sum()
}

/// What an order costs.
pub(crate) fn total_cents(lines: &[Line]) -> i64 {
    lines.iter().map(|line| line.product.price_cents() * i64::from(line.quantity)).sum()
}

/// Cents as the amount that people read, for metrics and span attributes.
#[expect(clippy::cast_precision_loss, reason = "an order stays far below 2^53 cents")]
pub(crate) fn amount(cents: i64) -> f64 {
    cents as f64 / 100.0
}
