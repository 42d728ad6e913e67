package io.kontor.console.page;

import io.kontor.console.session.ConsoleSession;
import io.kontor.console.session.LocalTarget;
import io.kontor.console.session.Provider;
import io.kontor.console.session.TrialPeople;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Sign-in at the provider, or as one of the people of a bank for development; and sign-out. */
@Controller
final class SignInController {
  private final ConsoleSession session;
  private final @Nullable TrialPeople trial;
  private final boolean hasProvider;

  SignInController(
      ConsoleSession session,
      ObjectProvider<TrialPeople> trial,
      ObjectProvider<Provider> provider) {
    this.session = session;
    this.trial = trial.getIfAvailable();
    this.hasProvider = provider.getIfAvailable() != null;
  }

  @GetMapping("/console/sign-in")
  String page(
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(required = false) @Nullable String failed,
      Model model) {
    model.addAttribute("to", LocalTarget.of(to));
    model.addAttribute("failed", failed != null);
    model.addAttribute("hasProvider", hasProvider);
    model.addAttribute("people", trial == null ? List.of() : trial.people());
    return "console/sign-in";
  }

  /**
   * @param choice the number of a person on the page
   */
  @PostMapping("/console/sign-in")
  String signIn(
      @RequestParam Integer choice,
      @RequestParam(required = false) @Nullable String to,
      HttpServletResponse response) {
    if (trial == null || choice < 0 || choice >= trial.people().size()) {
      return "redirect:/console/sign-in?failed=true";
    }
    session.begin(response, trial.tokens().apply(trial.people().get(choice)));
    return "redirect:" + LocalTarget.of(to);
  }

  @PostMapping("/console/sign-out")
  String signOut(HttpServletResponse response) {
    session.end(response);
    return "redirect:/console/sign-in";
  }
}
