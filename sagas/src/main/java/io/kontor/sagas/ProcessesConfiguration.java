package io.kontor.sagas;

import com.github.kagkarlsson.scheduler.task.Task;
import io.kontor.cluster.role.ConditionalOnRole;
import io.kontor.cluster.role.NodeRole;
import io.kontor.eventstore.subscription.ProcessEventProcessor;
import io.kontor.eventstore.subscription.ProcessStart;
import io.kontor.eventstore.subscription.PromptEventProcessor;
import io.kontor.eventstore.subscription.TokenClaimSettings;
import io.kontor.httpclient.HttpClientSettings;
import io.kontor.httpclient.ResilientHttpClient;
import io.kontor.job.JobProperties;
import io.kontor.job.JobSchedulerLifecycle;
import io.kontor.job.JobTracing;
import io.kontor.job.TaskProvider;
import io.kontor.job.TransactionalJobScheduler;
import io.kontor.job.queue.JobHandler;
import io.kontor.job.queue.JobQueue;
import io.kontor.job.queue.JobQueueProperties;
import io.kontor.job.queue.JobWorkers;
import io.kontor.personaldata.PersonalDataService;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.sagas.endofday.EndOfDayConfiguration;
import io.kontor.sagas.endofday.EndOfDayPolicy;
import io.kontor.sagas.hold.HoldExpiryPolicy;
import io.kontor.sagas.idempotency.IdempotencyCleanupJob;
import io.kontor.sagas.order.OrderSaga;
import io.kontor.sagas.order.OrderSagaConfiguration;
import io.kontor.sagas.order.OrderWakeUpJob;
import io.kontor.sagas.payment.ClearingHouseClient;
import io.kontor.sagas.payment.ClearingProperties;
import io.kontor.sagas.payment.PaymentBookingPolicy;
import io.kontor.sagas.payment.PaymentHoldPolicy;
import io.kontor.sagas.payment.PaymentInquiryPolicy;
import io.kontor.sagas.payment.PaymentPolicy;
import io.kontor.sagas.payment.PaymentSubmissionPolicy;
import io.kontor.sagas.shipment.CarrierClient;
import io.kontor.sagas.shipment.CarrierProperties;
import io.kontor.sagas.shipment.ShipmentPolicy;
import io.kontor.sagas.standingorder.StandingOrderJob;
import io.kontor.sagas.standingorder.StandingOrderPolicy;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.api.trace.Tracer;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The sagas, policies and jobs, which use the worker's connection pool. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnRole(NodeRole.SAGA)
@EnableConfigurationProperties({
  CarrierProperties.class,
  ClearingProperties.class,
  JobProperties.class
})
@Import({OrderSagaConfiguration.class, EndOfDayConfiguration.class})
public class ProcessesConfiguration {
  /**
   * The event processors that react to new events only. Hold expiry, standing orders and bank days
   * are not among them: they must also process imported events.
   */
  public static final List<String> PROCESSES =
      List.of(OrderSaga.PROCESSOR, PaymentPolicy.PROCESSOR, ShipmentPolicy.PROCESSOR);

  private static final int BATCH_SIZE = 50;

  /** A failed event is retried, not skipped: skipping would lose its task. */
  @Bean
  ConfigurerModule policiesAreRetried(@Qualifier("workerDataSource") DataSource worker) {
    var start = new ProcessStart(worker);
    return configurer -> {
      var processing = configurer.eventProcessing();
      retry(processing, HoldExpiryPolicy.PROCESSOR, StreamableMessageSource::createTailToken);
      retry(processing, StandingOrderPolicy.PROCESSOR, StreamableMessageSource::createTailToken);
      retry(processing, EndOfDayPolicy.PROCESSOR, StreamableMessageSource::createTailToken);
      retry(processing, PaymentPolicy.PROCESSOR, start.token());
      retry(processing, ShipmentPolicy.PROCESSOR, start.token());
    };
  }

  private static void retry(
      EventProcessingConfigurer processing,
      String policy,
      Function<StreamableMessageSource<TrackedEventMessage<?>>, TrackingToken> start) {
    processing
        .registerEventProcessor(
            policy,
            (name, axon, invoker) ->
                new ProcessEventProcessor(
                    PromptEventProcessor.settings(name, axon, invoker)
                        .trackingEventProcessorConfiguration(
                            TokenClaimSettings.sought(
                                TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                                    .andInitialTrackingToken(start)
                                    .andBatchSize(BATCH_SIZE)))))
        .registerListenerInvocationErrorHandler(policy, axon -> PropagatingErrorHandler.instance());
  }

  @Bean
  SystemCommandSender systemCommands(CommandBus commands) {
    return new SystemCommandSender(commands);
  }

  @Bean
  TransactionalJobScheduler jobs(
      @Qualifier("workerDataSource") DataSource worker,
      ObjectProvider<JobSchedulerLifecycle> scheduler) {
    return new TransactionalJobScheduler(worker, () -> scheduler.getObject().pollNow());
  }

  @Bean
  JobSchedulerLifecycle jobScheduler(
      @Qualifier("workerDataSource") DataSource worker,
      List<TaskProvider> policies,
      OrderWakeUpJob orderWakeUps,
      JobProperties properties,
      ObjectProvider<Tracer> tracer) {
    List<Task<?>> tasks = new ArrayList<>();
    policies.forEach(policy -> tasks.addAll(policy.tasks()));
    return new JobSchedulerLifecycle(
        worker,
        tasks,
        List.of(
            IdempotencyCleanupJob.task(new NamedParameterJdbcTemplate(worker)),
            orderWakeUps.task()),
        properties.threads(),
        tracer.stream().map(JobTracing::new).toList());
  }

  @Bean
  JobWorkers jobWorkers(
      @Qualifier("workerDataSource") DataSource worker,
      ObjectProvider<JobHandler<?>> handlers,
      JobQueueProperties properties,
      ObjectProvider<Tracer> tracer,
      JsonMapper json,
      ApplicationEventPublisher application) {
    return new JobWorkers(
        worker,
        handlers.stream().toList(),
        properties,
        tracer.stream().map(JobTracing::new).toList(),
        json,
        application::publishEvent);
  }

  @Bean(destroyMethod = "close")
  CarrierClient carrier(
      CarrierProperties shipping,
      @Qualifier("carrierUrl") ObjectProvider<URI> broughtAlong,
      PersonalDataService personalData,
      MeterRegistry meters) {
    return new CarrierClient(
        remote(shipping.url(), broughtAlong, shipping::remote, meters), personalData);
  }

  @Bean(destroyMethod = "close")
  ClearingHouseClient clearingHouse(
      ClearingProperties properties,
      @Qualifier("clearingUrl") ObjectProvider<URI> broughtAlong,
      PersonalDataService personalData,
      MeterRegistry meters) {
    return new ClearingHouseClient(
        remote(properties.url(), broughtAlong, properties::remote, meters), personalData);
  }

  /**
   * A client for the configured URL, or else for the simulator of the embedded profile; null if
   * there is neither.
   */
  private static @Nullable ResilientHttpClient remote(
      @Nullable URI configured,
      ObjectProvider<URI> simulator,
      Function<URI, HttpClientSettings> settings,
      MeterRegistry meters) {
    URI url = configured == null ? simulator.getIfAvailable() : configured;
    return url == null ? null : new ResilientHttpClient(settings.apply(url), meters);
  }

  @Bean
  HoldExpiryPolicy holdExpiry(TransactionalJobScheduler jobs, SystemCommandSender commands) {
    return new HoldExpiryPolicy(jobs, commands);
  }

  @Bean
  StandingOrderPolicy standingOrders(@Qualifier("workerJobQueue") JobQueue jobs) {
    return new StandingOrderPolicy(jobs);
  }

  @Bean
  StandingOrderJob standingOrderJob(
      SystemCommandSender commands, @Qualifier("workerJobQueue") JobQueue jobs) {
    return new StandingOrderJob(commands, jobs);
  }

  @Bean
  PaymentHoldPolicy paymentHold(
      TransactionalJobScheduler jobs, SystemCommandSender commands, ClearingProperties properties) {
    return new PaymentHoldPolicy(jobs, commands, properties, InstantSource.system());
  }

  @Bean
  PaymentSubmissionPolicy paymentSubmission(
      TransactionalJobScheduler jobs,
      SystemCommandSender commands,
      ClearingHouseClient clearing,
      ClearingProperties properties) {
    return new PaymentSubmissionPolicy(
        jobs, commands, clearing, properties, InstantSource.system());
  }

  @Bean
  PaymentInquiryPolicy paymentInquiry(
      TransactionalJobScheduler jobs,
      SystemCommandSender commands,
      ClearingHouseClient clearing,
      ClearingProperties properties) {
    return new PaymentInquiryPolicy(jobs, commands, clearing, properties, InstantSource.system());
  }

  @Bean
  PaymentBookingPolicy paymentBooking(
      TransactionalJobScheduler jobs, SystemCommandSender commands, ClearingProperties properties) {
    return new PaymentBookingPolicy(jobs, commands, properties, InstantSource.system());
  }

  @Bean
  ShipmentPolicy shipping(
      TransactionalJobScheduler jobs,
      SystemCommandSender commands,
      CarrierClient carrier,
      CarrierProperties properties) {
    return new ShipmentPolicy(jobs, commands, carrier, properties, InstantSource.system());
  }
}
