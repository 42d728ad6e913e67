package io.kontor.sagas;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.Task;
import io.kontor.cluster.ConditionalOnRole;
import io.kontor.cluster.NodeRole;
import io.kontor.personal.PersonalData;
import io.kontor.resilience.Remote;
import io.kontor.sagas.commands.Commands;
import io.kontor.sagas.holds.HoldExpiry;
import io.kontor.sagas.holds.ReleaseExpiredHold;
import io.kontor.sagas.housekeeping.OldAnswers;
import io.kontor.sagas.order.OrderDates;
import io.kontor.sagas.order.OrderProcessConfiguration;
import io.kontor.sagas.payment.AccountTasks;
import io.kontor.sagas.payment.ClearingHouse;
import io.kontor.sagas.payment.ClearingProperties;
import io.kontor.sagas.payment.ClearingTasks;
import io.kontor.sagas.payment.PaymentPolicies;
import io.kontor.sagas.shipping.Carrier;
import io.kontor.sagas.shipping.CarrierTask;
import io.kontor.sagas.shipping.Shipping;
import io.kontor.sagas.shipping.ShippingProperties;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;

/** The processes, running on the worker's pool. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnRole(NodeRole.SAGA)
@EnableConfigurationProperties({ShippingProperties.class, ClearingProperties.class})
@Import(OrderProcessConfiguration.class)
public class SagasConfiguration {
  private static final int EVENTS_AT_ONCE = 50;

  /** Dates are set within the event processor's transaction. */
  @Bean
  HoldExpiry holdExpiry(@Qualifier("workerDataSource") DataSource worker) {
    return new HoldExpiry(
        SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(worker))
            .tableName(Schedule.TABLE)
            .build());
  }

  /** A date that can't be set now is set later: skipping the event would lose it. */
  @Bean
  ConfigurerModule holdExpiryIsRetried() {
    return configurer ->
        configurer
            .eventProcessing()
            .registerTrackingEventProcessor(
                HoldExpiry.PROCESSOR, axon -> axon.eventStore(), axon -> fromTheFirstEvent())
            .registerListenerInvocationErrorHandler(
                HoldExpiry.PROCESSOR, axon -> PropagatingErrorHandler.instance());
  }

  private static TrackingEventProcessorConfiguration fromTheFirstEvent() {
    return TrackingEventProcessorConfiguration.forSingleThreadedProcessing()
        .andInitialTrackingToken(StreamableMessageSource::createTailToken);
  }

  @Bean
  Schedule schedule(
      @Qualifier("workerDataSource") DataSource worker,
      CommandBus commands,
      Carrier carrier,
      ShippingProperties shipping,
      ClearingHouse clearing,
      ClearingProperties payments,
      ObjectProvider<OrderDates> orderDates) {
    List<Task<?>> tasks = new ArrayList<>();
    tasks.add(ReleaseExpiredHold.task(commands));
    tasks.add(OrderDates.task(orderDates::getObject));
    tasks.addAll(CarrierTask.tasks(carrier, new Commands(commands), shipping));
    tasks.addAll(AccountTasks.tasks(new Commands(commands), payments));
    tasks.addAll(
        ClearingTasks.tasks(clearing, new Commands(commands), payments, InstantSource.system()));
    return new Schedule(
        worker, tasks, List.of(OldAnswers.task(new NamedParameterJdbcTemplate(worker))));
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

  /**
   * @param broughtAlong where the carrier is that a bank to try out brings along
   */
  @Bean(destroyMethod = "close")
  Carrier carrier(
      ShippingProperties shipping,
      @Qualifier("carrierUrl") ObjectProvider<URI> broughtAlong,
      PersonalData personalData,
      MeterRegistry meters) {
    URI url = shipping.url() == null ? broughtAlong.getIfAvailable() : shipping.url();
    Remote remote = url == null ? null : new Remote(shipping.remote(url), meters);
    return new Carrier(remote, personalData);
  }

  /**
   * @param broughtAlong where the clearing house is that a bank to try out brings along
   */
  @Bean(destroyMethod = "close")
  ClearingHouse clearingHouse(
      ClearingProperties properties,
      @Qualifier("clearingUrl") ObjectProvider<URI> broughtAlong,
      PersonalData personalData,
      MeterRegistry meters) {
    URI url = properties.url() == null ? broughtAlong.getIfAvailable() : properties.url();
    Remote remote = url == null ? null : new Remote(properties.remote(url), meters);
    return new ClearingHouse(remote, personalData);
  }

  @Bean
  PaymentPolicies paymentPolicies(Schedule schedule, ClearingProperties properties) {
    return new PaymentPolicies(schedule.scheduler(), schedule::lookAtOnce, properties);
  }

  /** What can't be written down now is written down later: skipping the event would lose it. */
  @Bean
  ConfigurerModule paymentPoliciesAreRetried() {
    return configurer ->
        configurer
            .eventProcessing()
            .registerTrackingEventProcessor(
                PaymentPolicies.PROCESSOR,
                axon -> axon.eventStore(),
                axon -> fromTheFirstEvent().andBatchSize(EVENTS_AT_ONCE))
            .registerListenerInvocationErrorHandler(
                PaymentPolicies.PROCESSOR, axon -> PropagatingErrorHandler.instance());
  }

  @Bean
  Shipping shipping(Schedule schedule) {
    return new Shipping(schedule.scheduler(), schedule::lookAtOnce, InstantSource.system());
  }

  /** What the carrier can't be asked now is asked later: skipping the event would lose it. */
  @Bean
  ConfigurerModule shippingIsRetried() {
    return configurer ->
        configurer
            .eventProcessing()
            .registerTrackingEventProcessor(
                Shipping.PROCESSOR,
                axon -> axon.eventStore(),
                axon -> fromTheFirstEvent().andBatchSize(EVENTS_AT_ONCE))
            .registerListenerInvocationErrorHandler(
                Shipping.PROCESSOR, axon -> PropagatingErrorHandler.instance());
  }
}
