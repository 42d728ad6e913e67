package io.kontor.app.cell;

import io.kontor.app.observability.EventProcessorMetrics;
import io.kontor.cluster.role.NodeRole;
import io.kontor.cluster.role.NodeRoles;
import io.kontor.database.DatabaseConnectionDetails;
import io.kontor.eventstore.event.StoreBinding;
import io.kontor.eventstore.read.EventReader;
import io.kontor.personaldata.MasterKeys;
import io.kontor.tenancy.TenantId;
import io.kontor.tenancy.registry.TenantIsolation;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.web.context.support.GenericWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * One tenant's database with all that works on it, in an application context of its own. The
 * context has no parent: what it does not find in itself, it must not find in the shared
 * database's.
 */
final class Cell implements AutoCloseable {
  /** The profile in which the configurations leave out what a cell is given. */
  static final String PROFILE = "cell";

  private final GenericWebApplicationContext context;
  private final DispatcherServlet dispatcher;
  private final CompositeMeterRegistry meters;
  private final EventReader events;
  private final TenantIsolation isolation;
  private final long openedAt;

  private Cell(
      GenericWebApplicationContext context,
      DispatcherServlet dispatcher,
      CompositeMeterRegistry meters,
      TenantIsolation isolation) {
    this.isolation = isolation;
    this.context = context;
    this.dispatcher = dispatcher;
    this.meters = meters;
    this.events = new EventReader(context.getBean("adminDataSource", DataSource.class));
    this.openedAt = System.nanoTime();
  }

  /** Migrates the database and starts the cell. */
  static Cell open(TenantId tenant, CellDatabase database, SharedParts shared) {
    return open(tenant, database, shared.settings(tenant), shared.meters(tenant), shared);
  }

  /**
   * Starts no more than what writes read models, for a tenant that is not served here yet. Its
   * meters are nobody's: the tenant's are those of the place that it is in.
   */
  static Cell openForReadModels(TenantId tenant, CellDatabase database, SharedParts shared) {
    Map<String, Object> settings = new HashMap<>(shared.settings(tenant));
    settings.put(NodeRoles.PROPERTY, NodeRole.PROJECTION.toString());
    return open(tenant, database, settings, new CompositeMeterRegistry(), shared);
  }

  private static Cell open(
      TenantId tenant,
      CellDatabase database,
      Map<String, Object> settings,
      CompositeMeterRegistry meters,
      SharedParts shared) {
    var context = new GenericWebApplicationContext(shared.servletContext());
    context.setDisplayName("cell " + tenant);
    context.setAllowBeanDefinitionOverriding(false);
    context.setAllowCircularReferences(false);
    ConfigurableEnvironment environment = environment(tenant, settings, shared);
    context.setEnvironment(environment);
    shared.copyTo(context.getDefaultListableBeanFactory());
    context.getDefaultListableBeanFactory().addBeanPostProcessor(new IdleConnections());
    if (database.isolation() == TenantIsolation.SCHEMA) {
      context
          .getBeanFactory()
          .registerSingleton("notificationListener", shared.notificationListener());
    }
    context.registerBean(DatabaseConnectionDetails.class, database::details);
    context.registerBean(StoreBinding.class, () -> StoreBinding.ofCell(tenant.value()));
    context.registerBean(MasterKeys.class, shared::masterKeys);
    context.registerBean(TenantId.class, () -> tenant);
    // No bean of the context's own, which would close it, and with it the node's.
    context.getBeanFactory().registerSingleton("meterRegistry", meters);
    new AnnotatedBeanDefinitionReader(context, environment).register(CellApplication.class);
    try {
      context.refresh();
      context.getBeansOfType(MeterBinder.class).values().forEach(one -> one.bindTo(meters));
      context.getBean(EventProcessorMetrics.class).register();
      return new Cell(
          context, dispatcher(context, shared.servletContext()), meters, database.isolation());
    } catch (ServletException | RuntimeException e) {
      context.close();
      detach(meters);
      throw new IllegalStateException(e);
    }
  }

  /** Serves a request whose caller is admitted and, but for operators and nodes, bound. */
  void serve(HttpServletRequest request, HttpServletResponse response)
      throws ServletException, IOException {
    dispatcher.service(request, response);
  }

  /** When it was open, in {@link System#nanoTime}. */
  long openedAt() {
    return openedAt;
  }

  /** Whether it is a schema or a database. */
  TenantIsolation isolation() {
    return isolation;
  }

  /** The last position in its database. */
  long head() {
    return events.head();
  }

  /** The only bean of a type. */
  <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  /** The beans of a type, by name. */
  <T> Map<String, T> parts(Class<T> type) {
    return context.getBeansOfType(type);
  }

  @Override
  public void close() {
    context.close();
    dispatcher.destroy();
    removeMeters();
  }

  /** So that those of the tenant's next cell can take their place. */
  void removeMeters() {
    detach(meters);
  }

  /** Removes the cell's meters from the node's registry, which stays open. */
  private static void detach(CompositeMeterRegistry meters) {
    meters.getMeters().forEach(meters::remove);
    List.copyOf(meters.getRegistries()).forEach(meters::remove);
    meters.close();
  }

  private static ConfigurableEnvironment environment(
      TenantId tenant, Map<String, Object> settings, SharedParts shared) {
    var environment = new StandardEnvironment();
    var sources = environment.getPropertySources();
    sources.forEach(source -> sources.remove(source.getName()));
    for (PropertySource<?> source : shared.environment().getPropertySources()) {
      if (!ConfigurationPropertySources.isAttachedConfigurationPropertySource(source)) {
        sources.addLast(source);
      }
    }
    sources.addFirst(new MapPropertySource("cell " + tenant, settings));
    environment.setActiveProfiles(PROFILE);
    ConfigurationPropertySources.attach(environment);
    return environment;
  }

  private static DispatcherServlet dispatcher(
      GenericWebApplicationContext context, ServletContext server) throws ServletException {
    var dispatcher = new DispatcherServlet(context);
    dispatcher.setPublishContext(false);
    dispatcher.setPublishEvents(false);
    dispatcher.init(new CellServletConfig(context.getDisplayName(), server));
    return dispatcher;
  }
}
