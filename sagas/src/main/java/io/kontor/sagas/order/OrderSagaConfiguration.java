package io.kontor.sagas.order;

import io.kontor.eventstore.subscription.ProcessEventProcessor;
import io.kontor.eventstore.subscription.ProcessStart;
import io.kontor.eventstore.subscription.PromptEventProcessor;
import io.kontor.eventstore.subscription.TokenClaimSettings;
import io.kontor.eventstore.subscription.TokenOnlyTransactions;
import io.kontor.sagas.command.SystemCommandSender;
import io.kontor.tenancy.StreamId;
import io.kontor.tenancy.TenantContext;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackingEventProcessor;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.eventhandling.async.SequencingPolicy;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.metamodel.AnnotationSagaMetaModelFactory;
import org.axonframework.serialization.Serializer;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.transaction.PlatformTransactionManager;

/** The order saga, which uses the worker's connection pool. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OrderSagaProperties.class)
public class OrderSagaConfiguration {
  /** Segments processed in parallel, by as many nodes at most. */
  private static final int SEGMENTS = 4;

  private static final int BATCH_SIZE = 500;

  @Bean
  OrderSagaStore orderSagaStore(
      @Qualifier("workerDataSource") DataSource worker,
      @Qualifier("serializer") Serializer serializer) {
    return new OrderSagaStore(worker, serializer);
  }

  @Bean
  OrderSagaRunner orderSagaRunner(
      OrderSagaStore store,
      SystemCommandSender commands,
      ObjectProvider<EventStore> events,
      OrderSagaProperties properties,
      @Qualifier("workerTransactionManager") PlatformTransactionManager transactions) {
    var turn =
        new OrderSagaTurn(
            store,
            new OrderStepGateway(commands, InstantSource.system(), properties),
            event -> stored(events.getObject(), event),
            new AnnotationSagaMetaModelFactory());
    return new OrderSagaRunner(
        store, turn, new SpringTransactionManager(transactions), properties.concurrency());
  }

  private static EventMessage<?> stored(EventStore events, EventReference event) {
    return TenantContext.call(
        StreamId.parse(event.stream()).tenant(),
        () -> events.readEvents(event.stream(), event.sequence()).next());
  }

  @Bean
  OrderWakeUpJob orderWakeUps(OrderSagaStore store, OrderSagaRunner sagas) {
    return new OrderWakeUpJob(store, sagas, InstantSource.system());
  }

  /** A batch that fails is retried, not skipped: skipping would leave orders stuck. */
  @Bean
  ConfigurerModule orderSaga(
      @Qualifier("workerDataSource") DataSource worker,
      @Qualifier("workerTransactionManager") PlatformTransactionManager transactions,
      ObjectProvider<OrderSagaRunner> sagas) {
    var start = new ProcessStart(worker);
    var spring = new SpringTransactionManager(transactions);
    return configurer ->
        configurer
            .eventProcessing()
            .registerEventHandler(
                axon ->
                    new OrderEventHandler(
                        sagas.getObject(),
                        axon.eventProcessingConfiguration().tokenStore(OrderSaga.PROCESSOR),
                        spring))
            .registerListenerInvocationErrorHandler(
                OrderSaga.PROCESSOR, axon -> PropagatingErrorHandler.instance())
            .registerSequencingPolicy(OrderSaga.PROCESSOR, axon -> new ByOrder())
            .registerEventProcessor(
                OrderSaga.PROCESSOR,
                (name, axon, invoker) -> processor(name, axon, invoker, spring, start));
  }

  private static TrackingEventProcessor processor(
      String name,
      Configuration axon,
      EventHandlerInvoker invoker,
      TransactionManager transactions,
      ProcessStart start) {
    return new ProcessEventProcessor(
        PromptEventProcessor.settings(name, axon, invoker)
            // OrderSagaRunner opens one for a batch, once its commands are durable.
            .transactionManager(new TokenOnlyTransactions(transactions))
            .storingTokensAfterProcessing()
            .trackingEventProcessorConfiguration(
                TokenClaimSettings.sought(
                    TrackingEventProcessorConfiguration.forParallelProcessing(SEGMENTS)
                        .andBatchSize(BATCH_SIZE)
                        .andInitialTrackingToken(start.token()))));
  }

  @Bean
  MeterBinder overdueOrderMetrics(@Qualifier("workerDataSource") DataSource worker) {
    return new OverdueOrderMetrics(worker);
  }

  /** Each order's events are in one segment, the same one in every version. */
  private static final class ByOrder implements SequencingPolicy<EventMessage<?>> {
    @Override
    public AssociationValue getSequenceIdentifierFor(EventMessage<?> event) {
      return OrderSagaTurn.association(OrderSagaTurn.order(event));
    }
  }
}
