package io.kontor.console;

import io.kontor.console.ConsoleProperties.SignIn;
import io.kontor.console.client.BankApi;
import io.kontor.console.figures.FigureHistory;
import io.kontor.console.page.PageValues;
import io.kontor.console.session.ConsoleSecurity;
import io.kontor.console.session.ConsoleSession;
import io.kontor.console.session.Provider;
import io.kontor.console.session.SealedCookies;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import java.net.URI;
import java.time.InstantSource;
import java.util.Objects;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.SecurityFilterChain;
import org.thymeleaf.spring6.SpringTemplateEngine;
import org.thymeleaf.spring6.view.ThymeleafViewResolver;
import org.thymeleaf.templateresolver.ClassLoaderTemplateResolver;
import tools.jackson.databind.json.JsonMapper;

/** The pages, their sign-in and their templates. Without a secret there is no console. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty("kontor.console.secret")
@ComponentScan
@EnableConfigurationProperties(ConsoleProperties.class)
public class ConsoleConfiguration {
  @Bean
  SealedCookies consoleCookies(ConsoleProperties properties) {
    return new SealedCookies(
        Objects.requireNonNull(properties.secret()), properties.secureCookies());
  }

  @Bean
  ConsoleSession consoleSession(SealedCookies cookies, JwtDecoder tokens) {
    return new ConsoleSession(cookies, tokens);
  }

  @Bean
  @ConditionalOnProperty("kontor.console.sign-in.issuer")
  Provider signInProvider(ConsoleProperties properties) {
    SignIn settings = properties.signIn();
    return new Provider(
        Objects.requireNonNull(settings.issuer()),
        settings.clientId(),
        Objects.requireNonNull(settings.clientSecret()),
        settings.scopes(),
        settings.redirectUri());
  }

  /** Before the chain of the API, which takes every request. */
  @Bean
  @Order(Ordered.LOWEST_PRECEDENCE - 10)
  SecurityFilterChain console(
      HttpSecurity http,
      SealedCookies cookies,
      ConsoleSession session,
      ObjectProvider<Provider> provider,
      JsonMapper json)
      throws Exception {
    return new ConsoleSecurity(cookies, session, provider.getIfAvailable(), json).chain(http);
  }

  @Bean
  BankApi bankApi(ConsoleProperties properties, Environment environment, JsonMapper json) {
    URI api = properties.api();
    return new BankApi(() -> api == null ? thisNode(environment) : api, json);
  }

  private static URI thisNode(Environment environment) {
    String host = environment.getProperty("server.address", "127.0.0.1");
    return URI.create(
        "http://%s:%s"
            .formatted(
                host.contains(":") ? "[" + host + "]" : host,
                environment.getRequiredProperty("local.server.port")));
  }

  @Bean(initMethod = "start", destroyMethod = "close")
  FigureHistory figureHistory(MeterRegistry meters) {
    return new FigureHistory(meters, InstantSource.system());
  }

  /** How long a page was open is no time of a request. */
  @Bean
  MeterFilter withoutOpenPages() {
    return MeterFilter.deny(
        id ->
            id.getName().equals("http.server.requests")
                && "/console/overview/live".equals(id.getTag("uri")));
  }

  @Bean
  ThymeleafViewResolver consoleViews() {
    var templates = new ClassLoaderTemplateResolver();
    templates.setSuffix(".html");
    templates.setCharacterEncoding("UTF-8");
    var engine = new SpringTemplateEngine();
    engine.setTemplateResolver(templates);
    engine.setTemplateEngineMessageSource(PageValues.messages());
    var views = new ThymeleafViewResolver();
    views.setTemplateEngine(engine);
    views.setCharacterEncoding("UTF-8");
    views.setViewNames(new String[] {"console/*"});
    views.setOrder(0);
    // Whole pages: one that fails is an error, and cookies may be set while it is made.
    views.setProducePartialOutputWhileProcessing(false);
    return views;
  }
}
