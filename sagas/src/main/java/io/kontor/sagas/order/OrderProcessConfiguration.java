package io.kontor.sagas.order;

import io.kontor.eventstore.Claims;
import io.kontor.eventstore.ProcessStart;
import io.kontor.sagas.commands.Commands;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.opentelemetry.context.Context;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import javax.sql.DataSource;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.config.Configuration;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.SagaConfigurer;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.TrackingEventProcessorConfiguration;
import org.axonframework.modelling.saga.AnnotatedSagaManager;
import org.axonframework.modelling.saga.SimpleResourceInjector;
import org.axonframework.modelling.saga.repository.AnnotatedSagaRepository;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/** The process of orders, running on the worker's pool. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(OrderProperties.class)
public class OrderProcessConfiguration {
  /** Each waits for the disk most of the time, and holds a connection of the worker's meanwhile. */
  private static final int AT_ONCE = 4;

  private static final int BATCH = 20;

  @Bean
  Errands errands(CommandBus commands, DeadlineManager deadlines, OrderProperties properties) {
    Executor threads =
        Context.taskWrapping(errand -> Thread.ofVirtual().name("order-errand").start(errand));
    return new Errands(
        new Commands(commands), deadlines, InstantSource.system(), threads, properties);
  }

  /**
   * An event that can't be handled now is handled later: skipping it would leave an order stuck.
   */
  @Bean
  ConfigurerModule orderFulfilment(
      @Qualifier("workerDataSource") DataSource worker,
      @Qualifier("serializer") Serializer serializer,
      ObjectProvider<Errands> errands) {
    var store = new ProcessStore(worker, serializer);
    var start = new ProcessStart(worker);
    return configurer ->
        configurer
            .eventProcessing()
            .registerSaga(OrderFulfilment.class, saga -> configure(saga, store, errands))
            .registerTrackingEventProcessor(
                OrderFulfilment.PROCESSOR,
                axon -> axon.eventStore(),
                axon ->
                    Claims.sought(
                        TrackingEventProcessorConfiguration.forParallelProcessing(AT_ONCE)
                            .andBatchSize(BATCH)
                            .andInitialTrackingToken(start.token())));
  }

  @Bean
  MeterBinder overdueOrders(@Qualifier("workerDataSource") DataSource worker) {
    return new OverdueOrders(worker);
  }

  private static void configure(
      SagaConfigurer<OrderFulfilment> saga, ProcessStore store, ObjectProvider<Errands> errands) {
    saga.configureSagaStore(axon -> store)
        .configureRepository(
            axon ->
                AnnotatedSagaRepository.<OrderFulfilment>builder()
                    .sagaType(OrderFulfilment.class)
                    .sagaStore(store)
                    .resourceInjector(new SimpleResourceInjector(errands.getObject()))
                    .parameterResolverFactory(axon.parameterResolverFactory())
                    .handlerDefinition(axon.handlerDefinition(OrderFulfilment.class))
                    .build())
        .configureSagaManager(OrderProcessConfiguration::manager);
  }

  private static OneProcessAnOrder manager(Configuration axon) {
    return new OneProcessAnOrder(
        AnnotatedSagaManager.<OrderFulfilment>builder()
            .sagaType(OrderFulfilment.class)
            .sagaRepository(
                axon.eventProcessingConfiguration()
                    .sagaConfiguration(OrderFulfilment.class)
                    .repository())
            .parameterResolverFactory(axon.parameterResolverFactory())
            .handlerDefinition(axon.handlerDefinition(OrderFulfilment.class))
            .listenerInvocationErrorHandler(PropagatingErrorHandler.instance()));
  }
}
