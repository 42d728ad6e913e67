package io.kontor.sagas;

import com.github.kagkarlsson.scheduler.task.Task;
import io.kontor.cluster.ConditionalOnRole;
import io.kontor.cluster.NodeRole;
import io.kontor.eventstore.Claims;
import io.kontor.eventstore.ProcessStart;
import io.kontor.personal.PersonalData;
import io.kontor.resilience.Remote;
import io.kontor.resilience.RemoteSettings;
import io.kontor.sagas.commands.Commands;
import io.kontor.sagas.holds.HoldExpiry;
import io.kontor.sagas.holds.ReleaseExpiredHold;
import io.kontor.sagas.housekeeping.OldAnswers;
import io.kontor.sagas.order.OrderDates;
import io.kontor.sagas.order.OrderFulfilment;
import io.kontor.sagas.order.OrderProcessConfiguration;
import io.kontor.sagas.payment.AccountTasks;
import io.kontor.sagas.payment.ClearingHouse;
import io.kontor.sagas.payment.ClearingProperties;
import io.kontor.sagas.payment.ClearingTasks;
import io.kontor.sagas.payment.PaymentPolicies;
import io.kontor.sagas.schedule.Agenda;
import io.kontor.sagas.schedule.TaskSpans;
import io.kontor.sagas.shipping.Carrier;
import io.kontor.sagas.shipping.CarrierTask;
import io.kontor.sagas.shipping.Shipping;
import io.kontor.sagas.shipping.ShippingProperties;
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
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;

/** The processes, running on the worker's pool. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnRole(NodeRole.SAGA)
@EnableConfigurationProperties({ShippingProperties.class, ClearingProperties.class})
@Import(OrderProcessConfiguration.class)
public class SagasConfiguration {
  /**
   * The event processors that act upon what happened. Not the expiry of holds, which asks for what
   * is true: it is to know of holds that were imported, too.
   */
  public static final List<String> PROCESSES =
      List.of(OrderFulfilment.PROCESSOR, PaymentPolicies.PROCESSOR, Shipping.PROCESSOR);

  private static final int EVENTS_AT_ONCE = 50;

  /** What can't be written down now is written down later: skipping the event would lose it. */
  @Bean
  ConfigurerModule policiesAreRetried(@Qualifier("workerDataSource") DataSource worker) {
    var start = new ProcessStart(worker);
    return configurer -> {
      var processing = configurer.eventProcessing();
      retry(processing, HoldExpiry.PROCESSOR, StreamableMessageSource::createTailToken);
      retry(processing, PaymentPolicies.PROCESSOR, start.token());
      retry(processing, Shipping.PROCESSOR, start.token());
    };
  }

  private static void retry(
      EventProcessingConfigurer processing,
      String policy,
      Function<StreamableMessageSource<TrackedEventMessage<?>>, TrackingToken> start) {
    processing
        .registerTrackingEventProcessor(
            policy,
            axon -> axon.eventStore(),
            axon ->
                Claims.sought(
                    TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
                        .andInitialTrackingToken(start)
                        .andBatchSize(EVENTS_AT_ONCE)))
        .registerListenerInvocationErrorHandler(policy, axon -> PropagatingErrorHandler.instance());
  }

  @Bean
  Schedule schedule(
      @Qualifier("workerDataSource") DataSource worker,
      CommandBus commands,
      Carrier carrier,
      ShippingProperties shipping,
      ClearingHouse clearing,
      ClearingProperties payments,
      ObjectProvider<OrderDates> orderDates,
      ObjectProvider<Tracer> tracer) {
    List<Task<?>> tasks = new ArrayList<>();
    tasks.add(ReleaseExpiredHold.task(commands));
    tasks.add(OrderDates.task(orderDates::getObject));
    var clock = InstantSource.system();
    var sender = new Commands(commands);
    tasks.addAll(CarrierTask.tasks(carrier, sender, shipping, clock));
    tasks.addAll(AccountTasks.tasks(sender, payments, clock));
    tasks.addAll(ClearingTasks.tasks(clearing, sender, payments, clock));
    return new Schedule(
        worker,
        tasks,
        List.of(OldAnswers.task(new NamedParameterJdbcTemplate(worker))),
        tracer.stream().map(TaskSpans::new).toList());
  }

  @Bean
  OrderDates orderDates(
      Schedule schedule,
      org.axonframework.config.Configuration axon,
      @Qualifier("serializer") Serializer serializer,
      @Qualifier("workerTransactionManager") PlatformTransactionManager transactions) {
    return new OrderDates(
        schedule.scheduler(), axon, serializer, new SpringTransactionManager(transactions));
  }

  @Bean(destroyMethod = "close")
  Carrier carrier(
      ShippingProperties shipping,
      @Qualifier("carrierUrl") ObjectProvider<URI> broughtAlong,
      PersonalData personalData,
      MeterRegistry meters) {
    return new Carrier(
        remote(shipping.url(), broughtAlong, shipping::remote, meters), personalData);
  }

  @Bean(destroyMethod = "close")
  ClearingHouse clearingHouse(
      ClearingProperties properties,
      @Qualifier("clearingUrl") ObjectProvider<URI> broughtAlong,
      PersonalData personalData,
      MeterRegistry meters) {
    return new ClearingHouse(
        remote(properties.url(), broughtAlong, properties::remote, meters), personalData);
  }

  /** Where somebody is called: as configured, or else what a bank to try out brings along. */
  private static @Nullable Remote remote(
      @Nullable URI configured,
      ObjectProvider<URI> broughtAlong,
      Function<URI, RemoteSettings> settings,
      MeterRegistry meters) {
    URI url = configured == null ? broughtAlong.getIfAvailable() : configured;
    return url == null ? null : new Remote(settings.apply(url), meters);
  }

  @Bean
  Agenda agenda(Schedule schedule) {
    return new Agenda(schedule.scheduler(), schedule::lookAtOnce);
  }

  @Bean
  HoldExpiry holdExpiry(Agenda agenda) {
    return new HoldExpiry(agenda);
  }

  @Bean
  PaymentPolicies paymentPolicies(Agenda agenda, ClearingProperties properties) {
    return new PaymentPolicies(agenda, properties);
  }

  @Bean
  Shipping shipping(Agenda agenda, ShippingProperties properties) {
    return new Shipping(agenda, properties, InstantSource.system());
  }
}
