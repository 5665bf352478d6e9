//! `receipt-service`: mails receipts after the customer has gone. Each mail is a trace of its own, linked to
//! the checkout that asked for it.

use std::sync::Arc;

use opentelemetry::trace::{Link, SpanBuilder, SpanContext, SpanKind, Status, TraceContextExt};
use opentelemetry::{Context, KeyValue};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::pauses::Pauses;
use crate::telemetry::Telemetry;

pub(crate) const NAME: &str = "receipt-service";
const QUEUE: &str = "receipts";
const QUEUE_LENGTH: usize = 256;
const MAILS_AT_ONCE: usize = 32;

/// The order service's end of the queue.
#[derive(Debug, Clone)]
pub(crate) struct ReceiptQueue(mpsc::Sender<Message>);

/// The receipt service's end of the queue.
#[derive(Debug)]
pub(crate) struct ReceiptDesk {
    mailer: Mailer,
    messages: mpsc::Receiver<Message>,
}

#[derive(Debug, Clone)]
struct Mailer {
    telemetry: Arc<Telemetry>,
    pauses: Pauses,
}

#[derive(Debug)]
struct Message {
    order_id: String,
    customer_id: String,
    producer: SpanContext,
}

/// Opens the queue between the two services. It ends when the order service lets go of its end.
pub(crate) fn open(telemetry: Arc<Telemetry>, pauses: Pauses) -> (ReceiptQueue, ReceiptDesk) {
    let (sender, messages) = mpsc::channel(QUEUE_LENGTH);
    let mailer = Mailer { telemetry, pauses };
    (ReceiptQueue(sender), ReceiptDesk { mailer, messages })
}

impl ReceiptQueue {
    /// Asks for a receipt, on behalf of the service that `telemetry` belongs to.
    pub(crate) fn publish(
        &self,
        telemetry: &Telemetry,
        cx: &Context,
        order_id: &str,
        customer_id: &str,
    ) {
        let span = SpanBuilder::from_name("receipt_publish").with_kind(SpanKind::Producer);
        let cx = telemetry.start(cx, span.with_attributes(messaging("send", order_id)));
        let message = Message {
            order_id: order_id.to_owned(),
            customer_id: customer_id.to_owned(),
            producer: cx.span().span_context().clone(),
        };
        if self.0.try_send(message).is_err() {
            cx.span().set_status(Status::error("the receipt queue is full"));
            telemetry.warn(&cx, "receipt dropped", [("order.id", order_id.to_owned().into())]);
        }
        cx.span().end();
    }
}

impl ReceiptDesk {
    /// Mails receipts until the queue ends and the last mail is out.
    pub(crate) async fn run(mut self) {
        let mut mails = JoinSet::new();
        while let Some(message) = self.messages.recv().await {
            while mails.try_join_next().is_some() {}
            if mails.len() >= MAILS_AT_ONCE {
                mails.join_next().await;
            }
            let mailer = self.mailer.clone();
            mails.spawn(async move { mailer.mail(message).await });
        }
        mails.join_all().await;
    }
}

impl Mailer {
    async fn mail(&self, message: Message) {
        let span = SpanBuilder::from_name("receipt_email")
            .with_kind(SpanKind::Consumer)
            .with_attributes(messaging("process", &message.order_id))
            .with_links(vec![Link::with_context(message.producer)]);
        let cx = self.telemetry.start(&Context::new(), span);
        self.pauses.work(10, 40).await;
        cx.span().add_event("email.rendered", vec![KeyValue::new("email.template", "receipt")]);
        self.pauses.work(30, 120).await;
        self.telemetry.info(
            &cx,
            "receipt mailed",
            [("order.id", message.order_id.into()), ("customer.id", message.customer_id.into())],
        );
        cx.span().end();
    }
}

fn messaging(operation: &'static str, order_id: &str) -> [KeyValue; 5] {
    [
        KeyValue::new("messaging.system", "in_memory"),
        KeyValue::new("messaging.destination.name", QUEUE),
        KeyValue::new("messaging.operation.name", operation),
        KeyValue::new("messaging.operation.type", operation),
        KeyValue::new("order.id", order_id.to_owned()),
    ]
}
