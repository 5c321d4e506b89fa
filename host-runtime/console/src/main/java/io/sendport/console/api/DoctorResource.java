package io.sendport.console.api;

import io.sendport.console.access.PortScope;
import io.sendport.console.access.Role;
import io.sendport.console.http.Answer;
import io.sendport.console.http.Call;
import io.sendport.console.http.Problem;
import io.sendport.console.http.ProblemException;
import io.sendport.console.http.Route;
import io.sendport.host.operate.Operations;
import io.sendport.host.operate.RefusedException;
import io.sendport.host.operate.check.Diagnosis;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Checks connections to the configured servers only, so that nobody can use it to scan other networks. */
final class DoctorResource {

    private final Supplier<Operations> operations;
    private final ConfigurationAccess workbench;
    private final OneAtATime checking = new OneAtATime("this instance is already running the doctor", 15);

    DoctorResource(Supplier<Operations> operations, ConfigurationAccess workbench) {
        this.operations = operations;
        this.workbench = workbench;
    }

    List<Route> routes() {
        return List.of(new Route("POST", "/api/v1/doctor", Set.of(Role.OPERATOR), this::check));
    }

    private Answer check(Call call) {
        Operations all = operations.get();
        Optional<String> port = call.query("port");
        PortScope reach = call.caller().reach(Role.OPERATOR, all.routing());
        if (port.isEmpty() ? !reach.isEverywhere() : !reach.covers(port.get())) {
            throw new ProblemException(
                    Problem.Type.FORBIDDEN,
                    call.caller().name() + " does not have the role operator "
                            + port.map(name -> "at port \"" + name + "\"")
                                    .orElse("at all ports; select one of your ports with port=NAME"));
        }
        port.filter(name -> !all.routing().ports().containsKey(name)).ifPresent(name -> {
            throw RefusedException.notFound("unknown send port \"" + name + "\"");
        });
        Diagnosis diagnosis = new Diagnosis(workbench.extensions(), Optional.empty(), all.clock());
        checking.begin();
        // The commands to a relay name the recipients of the port.
        UnaryOperator<String> shown =
                call.caller().reach(Role.READER, all.routing()).isEverywhere()
                        ? UnaryOperator.identity()
                        : all.masking()::text;
        return Answer.lines(out -> {
            try {
                run(diagnosis, port, shown, out);
            } finally {
                checking.end();
            }
        });
    }

    /** Writes each finding as soon as it is available. The last line says whether all checks passed. */
    private void run(Diagnosis diagnosis, Optional<String> port, UnaryOperator<String> shown, OutputStream out)
            throws IOException {
        try {
            boolean good = diagnosis.checkConfiguration(workbench.reading().get(), port, (target, finding) -> {
                Map<String, Object> line = new LinkedHashMap<>();
                line.put("severity", finding.level().name());
                line.put("where", target + ", " + finding.check());
                line.put("message", shown.apply(finding.result()));
                line.put("advice", finding.advice().isEmpty() ? null : shown.apply(finding.advice()));
                try {
                    out.write(Answer.line(line));
                    out.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            out.write(Answer.line(Map.of("good", good)));
        } catch (RuntimeException e) {
            out.write(Answer.line(Map.of("good", false, "message", String.valueOf(e.getMessage()))));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the diagnosis failed", e);
        }
    }
}
