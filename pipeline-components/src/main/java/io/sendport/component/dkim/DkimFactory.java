package io.sendport.component.dkim;

import io.sendport.api.adapter.Finding;
import io.sendport.api.component.MailSigner;
import io.sendport.api.component.MailSignerFactory;
import io.sendport.api.host.HostServices;
import io.sendport.api.settings.Problem;
import io.sendport.api.settings.Settings;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Creates the signers of {@code <dkim>}. */
public final class DkimFactory implements MailSignerFactory {

    @Override
    public String element() {
        return "dkim";
    }

    @Override
    public List<Problem> check(Settings settings, HostServices host) {
        return DkimSettings.problems(settings);
    }

    @Override
    public MailSigner create(Settings settings, HostServices host) throws Exception {
        return new DkimSigner(DkimSettings.of(settings));
    }

    @Override
    public void diagnose(Settings settings, HostServices host, Optional<String> nameServer, Consumer<Finding> to) {
        List<Problem> problems = DkimSettings.problems(settings);
        problems.forEach(each -> to.accept(Finding.fail("dkim", each.message(), each.advice())));
        if (problems.isEmpty()) {
            try {
                to.accept(new DkimDoctor(DkimSettings.of(settings), nameServer).examine());
            } catch (DkimException e) {
                to.accept(Finding.fail("dkim", String.valueOf(e.getMessage()), RsaKey.HOW_TO_MAKE));
            }
        }
    }
}
