using KubeLessons.Simulator.Api;
using KubeLessons.Simulator.Documents;
using static KubeLessons.Simulator.Tests.Api.ApiFixture;

namespace KubeLessons.Simulator.Tests.Api;

/// <summary>A wrong object gets the message that kube-apiserver gives.</summary>
public sealed class ValidationTests
{
    private readonly ApiFixture _api = new();

    [Theory]
    [InlineData("""{"containers":[]}""", "Pod \"p\" is invalid: spec.containers: Required value")]
    [InlineData("""{"containers":[{"name":"c"}]}""", "Pod \"p\" is invalid: spec.containers[0].image: Required value")]
    [InlineData(
        """{"containers":[{"name":"c","image":"i"},{"name":"c","image":"i"}]}""",
        "Pod \"p\" is invalid: spec.containers[1].name: Duplicate value: \"c\"")]
    [InlineData(
        """{"containers":[{"name":"c","image":"i","imagePullPolicy":"Sometimes"}]}""",
        "Pod \"p\" is invalid: spec.containers[0].imagePullPolicy: Unsupported value: \"Sometimes\": supported values: \"Always\", \"IfNotPresent\", \"Never\"")]
    [InlineData(
        """{"containers":[{"name":"c","image":"i","volumeMounts":[{"name":"v","mountPath":"/v"}]}]}""",
        "Pod \"p\" is invalid: spec.containers[0].volumeMounts[0].name: Not found: \"v\"")]
    [InlineData(
        """{"containers":[{"name":"c","image":"i","resources":{"requests":{"cpu":"2"},"limits":{"cpu":"1"}}}]}""",
        "Pod \"p\" is invalid: spec.containers[0].resources.requests: Invalid value: \"2\": must be less than or equal to cpu limit of 1")]
    [InlineData(
        """{"containers":[{"name":"c","image":"i","ports":[{"containerPort":70000}]}]}""",
        "Pod \"p\" is invalid: spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData(
        """{"containers":[{"name":"c","image":"i","livenessProbe":{}}]}""",
        "Pod \"p\" is invalid: spec.containers[0].livenessProbe: Required value: must specify a handler type")]
    [InlineData(
        """{"containers":[{"name":"c","image":"i"}],"restartPolicy":"Maybe"}""",
        "Pod \"p\" is invalid: spec.restartPolicy: Unsupported value: \"Maybe\": supported values: \"Always\", \"OnFailure\", \"Never\"")]
    public void A_wrong_pod_is_refused(string spec, string message)
    {
        var response = _api.Send(ApiRequest.Create(Pods, "default", Doc.Obj(("metadata", Doc.Obj(("name", "p"))), ("spec", Json(spec)))));

        response.Code.ShouldBe(422);
        response.Message.ShouldBe(message);
    }

    [Fact]
    public void Several_faults_are_one_answer()
    {
        // The golden transcript 059-run-bad-name.
        var response = _api.Send(ApiRequest.Create(Pods, "default", Json("""
            {"metadata":{"name":"Bad_Name"},"spec":{"containers":[{"name":"Bad_Name","image":"nginx"}]}}
            """)));

        response.Body.List("details", "causes").Select(cause => cause.Text("field")).ShouldBe(["metadata.name", "spec.containers[0].name"]);
        response.Message.ShouldStartWith("Pod \"Bad_Name\" is invalid: [metadata.name: Invalid value: \"Bad_Name\": a lowercase RFC 1123 subdomain");
    }

    [Fact]
    public void A_deployment_whose_template_does_not_match_is_refused()
    {
        var response = _api.Send(ApiRequest.Create(Deployments, "default", Json("""
            {"metadata":{"name":"mis"},"spec":{"selector":{"matchLabels":{"app":"a"}},
             "template":{"metadata":{"labels":{"app":"b"}},"spec":{"containers":[{"name":"c","image":"nginx"}]}}}}
            """)));

        response.Message.ShouldBe(
            "Deployment.apps \"mis\" is invalid: spec.template.metadata.labels: Invalid value: map[string]string{\"app\":\"b\"}: `selector` does not match template `labels`");
        response.Body.Text("details", "group").ShouldBe("apps");
    }

    [Fact]
    public void A_selector_stays_what_it_was()
    {
        var made = _api.Create(Deployments, Json("""
            {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"app":"a"}},
             "template":{"metadata":{"labels":{"app":"a","x":"y"}},"spec":{"containers":[{"name":"c","image":"nginx"}]}}}}
            """));

        _api.Send(ApiRequest.Update(Deployments, made.With("y", "spec", "selector", "matchLabels", "x"))).Message.ShouldBe(
            "Deployment.apps \"d\" is invalid: spec.selector: Invalid value: v1.LabelSelector{MatchLabels:map[string]string{\"app\":\"a\", \"x\":\"y\"}, "
            + "MatchExpressions:[]v1.LabelSelectorRequirement(nil)}: field is immutable");
    }

    [Fact]
    public void A_pods_containers_are_neither_added_nor_removed()
    {
        // The golden transcript 043-apply-unchanged.
        _api.Create(Pods, Pod("nginx-pod"));

        var response = _api.Send(new ApiRequest(ApiVerb.Patch, Pods)
        {
            Namespace = "default",
            Name = "nginx-pod",
            Patch = PatchKind.StrategicMerge,
            Body = Json("""{"spec":{"containers":[{"name":"other","image":"nginx"}]}}"""),
        });

        response.Message.ShouldBe("Pod \"nginx-pod\" is invalid: spec.containers: Forbidden: pod updates may not add or remove containers");
    }

    [Fact]
    public void A_pods_image_may_change_and_its_node_may_not()
    {
        // The golden transcript 1.20/130-edit-immutable.
        var api = new ApiFixture(minor: 20);
        api.Create(Pods, Pod("nginx-pod", "w1-k8s").With("default", "spec", "serviceAccountName"));
        var image = ApiRequest.MergePatch(Pods, "default", "nginx-pod", Json("""{"spec":{"containers":[{"name":"c","image":"nginx:2"}]}}"""));
        api.Send(image with { Patch = PatchKind.StrategicMerge }).Message.ShouldBeNull();

        var response = api.Send(ApiRequest.MergePatch(Pods, "default", "nginx-pod", Json("""{"spec":{"nodeName":"w2-k8s"}}""")));

        response.Message.ShouldBe("""
            Pod "nginx-pod" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`, `spec.initContainers[*].image`, `spec.activeDeadlineSeconds` or `spec.tolerations` (only additions to existing tolerations)
              core.PodSpec{
              	... // 9 identical fields
              	ServiceAccountName:           "default",
              	AutomountServiceAccountToken: nil,
            - 	NodeName:                     "w2-k8s",
            + 	NodeName:                     "w1-k8s",
              	SecurityContext:              &{},
              	ImagePullSecrets:             nil,
              	... // 16 identical fields
              }

            """.ReplaceLineEndings("\n"));
    }

    [Fact]
    public void An_unknown_field_is_an_error_when_strict_and_a_warning_otherwise()
    {
        // The golden manifest badfield.yaml.
        var pod = Json("""{"metadata":{"name":"x"},"spec":{"container":[{"name":"c","image":"nginx"}],"containers":[{"name":"c","image":"nginx","prots":1}]}}""");

        var strict = _api.Send(ApiRequest.Create(Pods, "default", pod) with { Options = new() { FieldValidation = "Strict" } });
        var loose = _api.Send(ApiRequest.Create(Pods, "default", pod));

        strict.Code.ShouldBe(400);
        strict.Message.ShouldBe(
            "Pod in version \"v1\" cannot be handled as a Pod: strict decoding error: unknown field \"spec.container\", unknown field \"spec.containers[0].prots\"");
        loose.Code.ShouldBe(201);
        loose.Warnings.ShouldBe(["unknown field \"spec.container\"", "unknown field \"spec.containers[0].prots\""]);
        loose.Body.At("spec", "container").ShouldBeNull();
    }

    [Fact]
    public void A_value_of_the_wrong_type_is_refused_in_the_decoders_words()
    {
        var response = _api.Send(ApiRequest.Create(Deployments, "default", Json("""
            {"metadata":{"name":"d"},"spec":{"replicas":"three","template":{"spec":{"containers":[{"name":"c","image":"i","env":[{"name":"A","value":1}]}]}}}}
            """)));

        response.Code.ShouldBe(400);
        response.Message.ShouldBe(
            "Deployment in version \"v1\" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32");
    }

    [Fact]
    public void A_body_of_another_kind_or_version_is_refused()
    {
        _api.Send(ApiRequest.Create(Pods, "default", Json("""{"apiVersion":"apps/v1","kind":"Pod","metadata":{"name":"p"}}"""))).Message
            .ShouldBe("the API version in the data (apps/v1) does not match the expected API version (v1)");
        _api.Send(ApiRequest.Create(Pods, "default", Json("""{"metadata":{"name":"p","namespace":"other"}}"""))).Message
            .ShouldBe("the namespace of the provided object does not match the namespace sent on the request");
    }

    [Theory]
    [InlineData("""{"ports":[]}""", "spec.ports: Required value")]
    [InlineData("""{"type":"Nope","ports":[{"port":80}]}""", "spec.type: Unsupported value: \"Nope\": supported values: \"ClusterIP\", \"ExternalName\", \"LoadBalancer\", \"NodePort\"")]
    [InlineData("""{"ports":[{"port":80},{"port":81,"name":"b"}]}""", "spec.ports[0].name: Required value")]
    [InlineData("""{"type":"NodePort","ports":[{"port":80,"nodePort":80}]}""", "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid range. The range of valid ports is 30000-32767")]
    [InlineData("""{"ports":[{"port":80,"nodePort":30080}]}""", "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'")]
    public void A_wrong_service_is_refused(string spec, string fault) =>
        _api.Send(ApiRequest.Create(Services, "default", Doc.Obj(("metadata", Doc.Obj(("name", "s"))), ("spec", Json(spec))))).Message
            .ShouldBe("Service \"s\" is invalid: " + fault);

    [Fact]
    public void A_services_address_may_not_change_but_may_be_left_out()
    {
        var made = _api.Create(Services, Json("""{"metadata":{"name":"s"},"spec":{"ports":[{"port":80}]}}"""));

        var kept = _api.Send(ApiRequest.Update(Services, made.Without("spec", "clusterIP").Without("spec", "clusterIPs").With("b", "spec", "selector", "a")));
        kept.Body.Text("spec", "clusterIP").ShouldBe(made.Text("spec", "clusterIP"));

        _api.Send(ApiRequest.Update(Services, kept.Body.With("10.96.1.1", "spec", "clusterIP").With(Doc.Arr("10.96.1.1"), "spec", "clusterIPs"))).Message
            .ShouldBe("Service \"s\" is invalid: spec.clusterIPs[0]: Invalid value: []string{\"10.96.1.1\"}: may not change once set");
    }

    [Fact]
    public void A_cron_schedule_is_checked()
    {
        var jobs = new ResourcePath("batch", "v1", "cronjobs");
        _api.Send(ApiRequest.Create(jobs, "default", Json("""
            {"metadata":{"name":"c"},"spec":{"schedule":"every day","jobTemplate":{"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"c","image":"i"}]}}}}}}
            """))).Message.ShouldBe("CronJob.batch \"c\" is invalid: spec.schedule: Invalid value: \"every day\": expected exactly 5 fields, found 2: [every day]");
    }

    [Fact]
    public void A_pod_without_its_service_account_is_forbidden()
    {
        var api = new ApiFixture(settings: new ApiServerSettings());

        api.Send(ApiRequest.Create(Pods, "default", Pod("a"))).Message
            .ShouldBe("pods \"a\" is forbidden: error looking up service account default/default: serviceaccount \"default\" not found");
    }
}
