//! The metric exporter of the shop: OTLP/gRPC as the SDK's own, with the exemplars that the SDK leaves out.

use std::sync::Arc;
use std::time::Duration;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_client::MetricsServiceClient;
use opentelemetry_proto::tonic::metrics::v1::{Metric, metric};
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use tonic::transport::Channel;

use crate::exemplars::Exemplars;

/// Sends metrics with their exemplars; cumulative, as Prometheus wants them.
#[derive(Debug)]
pub(crate) struct ExemplarExporter {
    client: MetricsServiceClient<Channel>,
    exemplars: Arc<Exemplars>,
}

impl ExemplarExporter {
    pub(crate) fn new(channel: Channel, exemplars: Arc<Exemplars>) -> Self {
        Self { client: MetricsServiceClient::new(channel), exemplars }
    }

    fn attach(&self, metric: &mut Metric) {
        let name = &metric.name;
        match &mut metric.data {
            Some(metric::Data::Sum(sum)) if sum.is_monotonic => {
                for point in &mut sum.data_points {
                    point.exemplars =
                        self.exemplars.take(name, &point.attributes, point.time_unix_nano);
                }
            }
            Some(metric::Data::Histogram(histogram)) => {
                for point in &mut histogram.data_points {
                    point.exemplars =
                        self.exemplars.take(name, &point.attributes, point.time_unix_nano);
                }
            }
            _ => {}
        }
    }
}

impl PushMetricExporter for ExemplarExporter {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        let mut request = ExportMetricsServiceRequest::from(metrics);
        for resource in &mut request.resource_metrics {
            for scope in &mut resource.scope_metrics {
                scope.metrics.iter_mut().for_each(|metric| self.attach(metric));
            }
        }
        match self.client.clone().export(request).await {
            Ok(_) => Ok(()),
            Err(status) => Err(OTelSdkError::InternalFailure(status.to_string())),
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _timeout: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}
